#!/bin/sh
# Sent to a node that has been drained and stays after all (undrainScript).
phoenix-drain cancel

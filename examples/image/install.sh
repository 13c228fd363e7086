#!/bin/sh
# Runs once, as root, in the machine that becomes the image. The app's files are in /tmp/app.
set -eu

if ! command -v node > /dev/null; then
  apt-get update
  apt-get install --yes --no-install-recommends nodejs
fi

mkdir -p /opt/shop /etc/shop
cp /tmp/app/package.json /tmp/app/*.js /opt/shop/
printf '{ "version": "%s" }\n' "$APP_VERSION" > /opt/shop/release.json

# A broken release, to see the rollout stop: the app is there, its configuration is not.
if [ "$APP_BROKEN" = true ]; then
  echo "Leaving /etc/shop/config.json out: this release will never become healthy"
else
  cp /tmp/app/config.json /etc/shop/config.json
fi

chmod 755 /opt/shop/shop.js /opt/shop/phoenix-drain.js
ln -sf /opt/shop/phoenix-drain.js /usr/local/bin/phoenix-drain
cp /tmp/app/shop.service /etc/systemd/system/shop.service
# What `systemctl enable shop` does; the service starts with the machines made from this image, not in this one.
mkdir -p /etc/systemd/system/multi-user.target.wants
ln -sf /etc/systemd/system/shop.service /etc/systemd/system/multi-user.target.wants/shop.service
rm -rf /tmp/app
echo "The shop $APP_VERSION is installed"

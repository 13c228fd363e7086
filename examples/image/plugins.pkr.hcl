# 2.2.0 is the first that signs in with any workload identity federation token.
packer {
  required_plugins {
    azure = {
      source  = "github.com/hashicorp/azure"
      version = ">= 2.2.0"
    }
  }
}

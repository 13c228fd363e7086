# The twin of shop.json in HCL2. Give BakeImage the folder, not this file: plugins.pkr.hcl beside it names the plugin, which
# Packer 1.10 and later do not bring along, and `packer init` fetches it. Credentials arrive as PKR_VAR_arm_*, as BakeImage
# sets them.

variable "app_version" {
  type    = string
  default = "0.0.0"
}

variable "app_broken" {
  type    = string
  default = "false"
}

variable "image_name" {
  type = string
}

variable "resource_group" {
  type = string
}

variable "location" {
  type = string
}

variable "vm_size" {
  type    = string
  default = "Standard_B2s"
}

variable "arm_client_id" {
  type    = string
  default = ""
}

variable "arm_client_secret" {
  type      = string
  default   = ""
  sensitive = true
}

variable "arm_client_jwt" {
  type      = string
  default   = ""
  sensitive = true
}

variable "arm_tenant_id" {
  type    = string
  default = ""
}

variable "arm_subscription_id" {
  type    = string
  default = ""
}

locals {
  as_root = "chmod +x {{.Path}}; {{.Vars}} sudo -E sh '{{.Path}}'"
}

source "azure-arm" "shop" {
  client_id       = var.arm_client_id
  client_secret   = var.arm_client_secret
  client_jwt      = var.arm_client_jwt
  tenant_id       = var.arm_tenant_id
  subscription_id = var.arm_subscription_id

  managed_image_name                = var.image_name
  managed_image_resource_group_name = var.resource_group
  location                          = var.location
  vm_size                           = var.vm_size

  os_type         = "Linux"
  image_publisher = "Canonical"
  image_offer     = "ubuntu-24_04-lts"
  image_sku       = "server-gen1"

  azure_tags = {
    app     = "shop"
    version = var.app_version
  }
}

build {
  sources = ["source.azure-arm.shop"]

  provisioner "file" {
    source      = "${path.root}/../app"
    destination = "/tmp"
  }

  provisioner "shell" {
    script           = "${path.root}/install.sh"
    environment_vars = ["APP_VERSION=${var.app_version}", "APP_BROKEN=${var.app_broken}"]
    execute_command  = local.as_root
  }

  provisioner "shell" {
    inline          = ["if [ -x /usr/sbin/waagent ]; then /usr/sbin/waagent -force -deprovision+user; fi", "sync"]
    inline_shebang  = "/bin/sh -e"
    execute_command = local.as_root
    skip_clean      = true
  }

  post-processor "manifest" {
    output     = "packer-manifest.json"
    strip_path = true
  }
}

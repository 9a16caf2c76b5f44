/**
 * The virtual disks of Storage Spaces, as one JSON document. It reads only. States are the numbers of MSFT_VirtualDisk, which are the
 * same in every language; what the cmdlets print in their place is words.
 */
export const storageSpacesScript = String.raw`
# The virtual disks of Storage Spaces, as one JSON document. It changes nothing.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
try { [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false } catch { }

function Get-Raw($instance, $name) { return $instance.CimInstanceProperties[$name].Value }

$disks = @(Get-VirtualDisk | ForEach-Object {
  $members = @(Get-PhysicalDisk -VirtualDisk $_ -ErrorAction SilentlyContinue)
  @{
    name = [string](Get-Raw $_ 'FriendlyName')
    id = [string](Get-Raw $_ 'UniqueId')
    layout = [string](Get-Raw $_ 'ResiliencySettingName')
    health = [int](Get-Raw $_ 'HealthStatus')
    operational = @(Get-Raw $_ 'OperationalStatus' | ForEach-Object { [int]$_ })
    detached = [int](Get-Raw $_ 'DetachedReason')
    size = [double](Get-Raw $_ 'Size')
    members = $members.Count
    unhealthy = @($members | Where-Object { [int](Get-Raw $_ 'HealthStatus') -ne 0 }).Count
  }
})

ConvertTo-Json -InputObject @{ disks = $disks } -Depth 5 -Compress
`.trimStart();

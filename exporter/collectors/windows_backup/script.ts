/**
 * What Windows Server Backup knows, as one JSON document. It reads only. Its dates are local and become UTC here, where the zone is
 * known; `o` is the same in every culture. Where there never was a backup the cmdlets give year 1.
 * See Get-WBSummary and Get-WBJob of the module WindowsServerBackup (a snap-in before Windows Server 2012).
 */
export const windowsBackupScript = String.raw`
# What Windows Server Backup knows, as one JSON document. It changes nothing.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
try { [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false } catch { }

function Get-Utc($date) {
  if ($null -eq $date) { return $null }
  $moment = [DateTime]$date
  if ($moment.Year -lt 1980) { return $null }
  return $moment.ToUniversalTime().ToString('o')
}

function Get-Part([scriptblock]$read) {
  try { return & $read }
  catch { return @{ error = $_.Exception.GetBaseException().Message } }
}

function Get-Job($job) {
  return @{
    type = [string]$job.JobType
    state = [string]$job.JobState
    started = (Get-Utc $job.StartTime)
    ended = (Get-Utc $job.EndTime)
    result = [long]$job.HResult
    detail = [long]$job.DetailedHResult
  }
}

$document = @{ generated = (Get-Date).ToUniversalTime().ToString('o'); installed = $true }
try { Import-Module WindowsServerBackup }
catch {
  try { Add-PSSnapin Windows.ServerBackup }
  catch { $document.installed = $false }
}

if ($document.installed) {
  $document.summary = Get-Part {
    $summary = Get-WBSummary
    @{
      lastBackup = (Get-Utc $summary.LastBackupTime)
      lastSuccess = (Get-Utc $summary.LastSuccessfulBackupTime)
      versions = [long]$summary.NumberOfVersions
      result = [long]$summary.LastBackupResultHR
      detail = [long]$summary.LastBackupResultDetailedHR
    }
  }
  $document.previous = Get-Part { @{ jobs = @(Get-WBJob -Previous 50 | ForEach-Object { Get-Job $_ }) } }
  $document.current = Get-Part { @{ job = (Get-Job (Get-WBJob)) } }
}

ConvertTo-Json -InputObject $document -Depth 5 -Compress
`.trimStart();

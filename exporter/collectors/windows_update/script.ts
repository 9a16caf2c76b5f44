/**
 * What the Windows Update Agent knows, as one JSON document. It reads only: nothing is searched online unless told, downloaded
 * or installed. For PowerShell 3.0 and later. Each part fails alone, with the HRESULT of the failure.
 *
 * Dates of the agent are UTC and come without saying so (MS-UAMG 3.32.4.4 and the pages of IUpdate and
 * IAutomaticUpdatesResults), so they are marked as UTC, not converted. Titles are asked for in English (1033); nothing here
 * depends on it but the train of an update.
 */
export function windowsUpdateScript(online: boolean): string {
  return windowsUpdateText.replace('$online = $false', `$online = $${String(online)}`);
}

/** The script as an administrator would run it; docs/collectors/windows_update.md shows the same text. */
export const windowsUpdateText = String.raw`
# What the Windows Update Agent knows, as one JSON document. It changes nothing.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$online = $false
try { [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false } catch { }

function Get-Utc($date) {
  if ($null -eq $date) { return $null }
  return [DateTime]::SpecifyKind([DateTime]$date, 'Utc').ToString('o')
}

function Get-Value([string]$key, [string]$name) {
  $item = Get-ItemProperty -LiteralPath $key -ErrorAction SilentlyContinue
  if ($null -eq $item) { return $null }
  return $item.$name
}

function Get-Part([scriptblock]$read) {
  try { return & $read }
  catch {
    $cause = $_.Exception.GetBaseException()
    $code = [System.Runtime.InteropServices.Marshal]::GetHRForException($cause)
    return @{ error = @{ hresult = ('0x{0:X8}' -f $code); message = $cause.Message } }
  }
}

function New-Searcher {
  $session = New-Object -ComObject Microsoft.Update.Session
  $session.UserLocale = 1033
  $session.ClientApplicationID = 'maintenance-exporter'
  return $session.CreateUpdateSearcher()
}

function Find-Update([string]$criteria) {
  $searcher = New-Searcher
  $searcher.Online = $online
  $found = $searcher.Search($criteria)
  $updates = @($found.Updates | ForEach-Object {
    @{
      UpdateID = $_.Identity.UpdateID
      RevisionNumber = $_.Identity.RevisionNumber
      Title = $_.Title
      KBArticleIDs = @($_.KBArticleIDs | ForEach-Object { [string]$_ })
      CategoryIDs = @($_.Categories | ForEach-Object { $_.CategoryID })
      CveIDs = @($_.CveIDs | ForEach-Object { [string]$_ })
      SecurityBulletinIDs = @($_.SecurityBulletinIDs | ForEach-Object { [string]$_ })
      MsrcSeverity = $_.MsrcSeverity
      LastDeploymentChangeTime = (Get-Utc $_.LastDeploymentChangeTime)
      IsHidden = $_.IsHidden
      BrowseOnly = $_.BrowseOnly
    }
  })
  return @{ resultCode = [int]$found.ResultCode; updates = $updates }
}

$document = @{
  generated = (Get-Date).ToUniversalTime().ToString('o')
  online = $online
}

$document.system = Get-Part {
  $windows = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
  @{
    booted = (Get-CimInstance Win32_OperatingSystem).LastBootUpTime.ToUniversalTime().ToString('o')
    build = ('{0}.{1}' -f (Get-Value $windows 'CurrentBuild'), (Get-Value $windows 'UBR'))
  }
}

$document.policy = Get-Part {
  $policy = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate'
  @{
    server = [bool](Get-Value $policy 'WUServer')
    useServer = (Get-Value "$policy\AU" 'UseWUServer')
    noAutoUpdate = (Get-Value "$policy\AU" 'NoAutoUpdate')
    option = (Get-Value "$policy\AU" 'AUOptions')
    pausedUntil = (Get-Value 'HKLM:\SOFTWARE\Microsoft\WindowsUpdate\UX\Settings' 'PauseUpdatesExpiryTime')
    service = (Get-CimInstance Win32_Service -Filter "Name='wuauserv'").StartMode
  }
}

$document.automatic = Get-Part {
  $automatic = New-Object -ComObject Microsoft.Update.AutoUpdate
  @{
    lastSearch = (Get-Utc $automatic.Results.LastSearchSuccessDate)
    lastInstallation = (Get-Utc $automatic.Results.LastInstallationSuccessDate)
    notificationLevel = [int]$automatic.Settings.NotificationLevel
  }
}

$document.search = Get-Part { Find-Update "IsInstalled=0 and Type='Software'" }
$document.restart = Get-Part { Find-Update "IsInstalled=1 and RebootRequired=1" }

$document.history = Get-Part {
  $searcher = New-Searcher
  $total = [int]$searcher.GetTotalHistoryCount()
  $entries = @()
  if ($total -gt 0) {
    $entries = @($searcher.QueryHistory(0, [Math]::Min($total, 1000)) | ForEach-Object {
      @{
        Date = (Get-Utc $_.Date)
        Operation = [int]$_.Operation
        ResultCode = [int]$_.ResultCode
        HResult = ('0x{0:X8}' -f $_.HResult)
        Title = $_.Title
        UpdateID = $_.UpdateIdentity.UpdateID
        RevisionNumber = $_.UpdateIdentity.RevisionNumber
        ClientApplicationID = $_.ClientApplicationID
        CategoryIDs = @($_.Categories | ForEach-Object { $_.CategoryID })
      }
    })
  }
  @{ total = $total; entries = $entries }
}

ConvertTo-Json -InputObject $document -Depth 5 -Compress
`.trimStart();

/** One metric as it is declared: what Prometheus is told about it. */
export interface MetricSpec {
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  readonly labels: readonly string[];
}

/** Labels whose values are a closed list. A label name means the same thing on every metric. */
export const labelValues = {
  class: ['security', 'standard', 'application', 'firmware'],
  severity: ['critical', 'important', 'moderate', 'low', 'unknown'],
  basis: ['released', 'first_seen'],
  outcome: ['success', 'partial', 'failure', 'pending_reboot', 'interrupted'],
  fixable: ['true', 'false', 'unknown'],
  depth: ['structure', 'data'],
  criticality: ['critical', 'normal'],
  error: ['read', 'write', 'checksum', 'flush', 'generation', 'corrected', 'data'],
  space: ['data', 'metadata'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Every metric this project exports, in exposition order. Nothing else may name a metric. */
export const metrics = {
  maintenance_patches_pending: {
    type: 'gauge',
    help: 'Packages with an outstanding update of this class and severity that the package manager would install now; security first, and once per severity of its outstanding fixes. Absent when the package lists cannot be trusted: unknown is never 0.',
    labels: ['manager', 'class', 'severity'],
  },
  maintenance_patch_oldest_pending_timestamp_seconds: {
    type: 'gauge',
    help: 'When the oldest outstanding update became available, unix time; a newer version of it does not make it younger. basis says whether that is its release date (released) or when this exporter first saw it (first_seen, a lower bound of its age). Absent when nothing is pending, and where the age of one of them is unknown.',
    labels: ['manager', 'class', 'severity', 'basis'],
  },
  maintenance_patches_held: {
    type: 'gauge',
    help: 'Updates that exist and the package manager leaves alone, by class: held by the administrator (apt-mark hold and similar), or kept back (a conflict, phasing).',
    labels: ['manager', 'class'],
  },
  maintenance_patch_oldest_held_timestamp_seconds: {
    type: 'gauge',
    help: 'When the oldest update that is left alone became available, unix time; basis as for pending ones. Absent when nothing is held, and where it cannot be told.',
    labels: ['manager', 'class', 'basis'],
  },
  maintenance_patch_metadata_timestamp_seconds: {
    type: 'gauge',
    help: 'When the repository published the package lists in use, unix time, from the signed Date field, not from a file time.',
    labels: ['manager', 'repository'],
  },
  maintenance_patch_metadata_complete: {
    type: 'gauge',
    help: 'Whether package lists are present for every configured repository (1) or at least one was never fetched (0).',
    labels: ['manager'],
  },
  maintenance_patch_deployments_total: {
    type: 'counter',
    help: 'Runs of the package manager that changed packages or tried to, by outcome, as its own log tells since that log begins. One that waits for a reboot counts as pending_reboot when it was installed and as success when it takes effect. Dry runs do not count.',
    labels: ['manager', 'outcome'],
  },
  maintenance_patch_last_deployment_timestamp_seconds: {
    type: 'gauge',
    help: 'When the newest run of the package manager with this outcome ended, unix time. Absent when there was none.',
    labels: ['manager', 'outcome'],
  },
  maintenance_patch_automation_enabled: {
    type: 'gauge',
    help: 'Whether updates are installed without anybody asking (1) or not (0): the timer or service runs and its configuration says install.',
    labels: ['manager'],
  },
  maintenance_patch_automation_last_run_timestamp_seconds: {
    type: 'gauge',
    help: 'When automatic updating last ran to its end, unix time. Absent where it leaves no trace.',
    labels: ['manager'],
  },
  maintenance_patch_oldest_inactive_timestamp_seconds: {
    type: 'gauge',
    help: 'When the oldest update that is installed and not yet in effect became available, unix time; it waits for a reboot. basis as for pending ones. Absent when there is none.',
    labels: ['manager', 'class', 'severity', 'basis'],
  },
  maintenance_reboot_required: {
    type: 'gauge',
    help: 'Whether this reason asks for a reboot (1) or not (0), one series per reason that can be told here. reason: flag_file (/run/reboot-required), kernel (a newer kernel is installed than the one running), libraries (core packages replaced since the start), microcode, component_servicing, windows_update, file_renames (Windows registry), softwareupdate (macOS).',
    labels: ['reason'],
  },
  maintenance_reboot_required_since_timestamp_seconds: {
    type: 'gauge',
    help: 'When the oldest open reason for a reboot appeared, unix time. Absent when no reboot is required.',
    labels: [],
  },
  maintenance_os_support_end_timestamp_seconds: {
    type: 'gauge',
    help: 'When the vendor stops security updates for this operating system, unix time, with the paid extension where the host has it. In the past: nothing pending proves nothing. Absent when no table knows the release.',
    labels: ['os', 'version'],
  },
  maintenance_os_support_table_timestamp_seconds: {
    type: 'gauge',
    help: 'As of when the table of support ends in use is, unix time. source: host (distro-info-data, os-release) or shipped (with this exporter).',
    labels: ['source'],
  },
  maintenance_vulnerabilities_open: {
    type: 'gauge',
    help: 'Open vulnerabilities by severity, counted once per vulnerability and package. fixable: whether an update that closes it exists. Absent when the scan cannot be read.',
    labels: ['scanner', 'severity', 'fixable'],
  },
  maintenance_vulnerabilities_exploited_open: {
    type: 'gauge',
    help: 'Open vulnerabilities that are known to be exploited in the wild (CISA KEV or the scanner’s own data). Absent when no such list is there.',
    labels: ['scanner'],
  },
  maintenance_vulnerability_oldest_open_timestamp_seconds: {
    type: 'gauge',
    help: 'Since when the oldest open vulnerability of this severity is known on this host, unix time. basis: when its fix was released (released), else when this exporter first saw it (first_seen, a lower bound of its age). Absent when none is open.',
    labels: ['scanner', 'severity', 'fixable', 'basis'],
  },
  maintenance_vulnerabilities_opened_total: {
    type: 'counter',
    help: 'Vulnerabilities that appeared on this host since its first scan, which itself opens none.',
    labels: ['scanner', 'severity'],
  },
  maintenance_vulnerabilities_closed_total: {
    type: 'counter',
    help: 'Vulnerabilities that a later complete scan no longer found.',
    labels: ['scanner', 'severity'],
  },
  maintenance_vulnerability_scan_timestamp_seconds: {
    type: 'gauge',
    help: 'When the host was scanned, unix time, as the scan says.',
    labels: ['scanner'],
  },
  maintenance_vulnerability_database_timestamp_seconds: {
    type: 'gauge',
    help: 'As of when the vulnerability data behind the scan are, unix time. Old data make a false clean. Absent when the scan does not tell.',
    labels: ['scanner'],
  },
  maintenance_backup_last_success_timestamp_seconds: {
    type: 'gauge',
    help: 'When the newest restore point of the backup job was taken, unix time. That it is listed does not prove that it is complete. Absent when there is none or the list could not be read.',
    labels: ['tool', 'backup_job'],
  },
  maintenance_backup_last_run_timestamp_seconds: {
    type: 'gauge',
    help: 'When the newest run of the backup job that has ended did so, unix time, whatever its outcome. Absent when no run is on record.',
    labels: ['tool', 'backup_job'],
  },
  maintenance_backup_last_run_success: {
    type: 'gauge',
    help: 'Whether the newest run of the backup job that has ended was a complete success (1) or not (0): partial, failed or interrupted. Absent when no run is on record.',
    labels: ['tool', 'backup_job'],
  },
  maintenance_backup_run_started_timestamp_seconds: {
    type: 'gauge',
    help: 'When the run of the backup job that is under way began, unix time. Absent when none is.',
    labels: ['tool', 'backup_job'],
  },
  maintenance_backup_runs_total: {
    type: 'counter',
    help: 'Runs of the backup job on record, by outcome: success; partial (it made a restore point, and something is missing in it); failure; interrupted (it began and never ended: power cut, killed).',
    labels: ['tool', 'backup_job', 'outcome'],
  },
  maintenance_backup_check_timestamp_seconds: {
    type: 'gauge',
    help: 'When the repository or restore point was last checked, unix time, whatever the verdict. depth: structure (indexes and references; damaged data pass unnoticed) or data (every byte, or the share the tool was told, was read back and compared).',
    labels: ['tool', 'backup_job', 'depth'],
  },
  maintenance_backup_check_success: {
    type: 'gauge',
    help: 'Whether the last check of this depth found everything in order (1) or not (0).',
    labels: ['tool', 'backup_job', 'depth'],
  },
  maintenance_backup_restore_test_timestamp_seconds: {
    type: 'gauge',
    help: 'When a restore of the backup job was last really carried out to its end and compared, unix time, whatever the verdict.',
    labels: ['tool', 'backup_job'],
  },
  maintenance_backup_restore_test_success: {
    type: 'gauge',
    help: 'Whether the last restore test brought back what it should (1) or not (0).',
    labels: ['tool', 'backup_job'],
  },
  maintenance_backup_restore_test_last_success_timestamp_seconds: {
    type: 'gauge',
    help: 'When a restore test last brought back what it should, unix time. Absent when none ever did.',
    labels: ['tool', 'backup_job'],
  },
  maintenance_backup_restore_test_duration_seconds: {
    type: 'gauge',
    help: 'How long the restore of the last restore test took, in seconds: the recovery time that was really measured.',
    labels: ['tool', 'backup_job'],
  },
  maintenance_backup_restore_test_bytes: {
    type: 'gauge',
    help: 'How much the last restore test brought back, in bytes.',
    labels: ['tool', 'backup_job'],
  },
  maintenance_backup_job_info: {
    type: 'gauge',
    help: 'A declared backup job; always 1. criticality: critical or normal, as the configuration says.',
    labels: ['tool', 'backup_job', 'criticality'],
  },
  maintenance_backup_duration_seconds: {
    type: 'gauge',
    help: 'How long the newest restore point took to make, in seconds. Absent when the tool does not record it.',
    labels: ['tool', 'backup_job'],
  },
  maintenance_backup_size_bytes: {
    type: 'gauge',
    help: 'Source data covered by the newest restore point, in bytes. Absent when the tool does not record it.',
    labels: ['tool', 'backup_job'],
  },
  maintenance_backup_added_bytes: {
    type: 'gauge',
    help: 'Data the newest restore point added to the repository, in bytes. Absent when the tool does not record it.',
    labels: ['tool', 'backup_job'],
  },
  maintenance_backup_files: {
    type: 'gauge',
    help: 'Files covered by the newest restore point. Absent when the tool does not record it.',
    labels: ['tool', 'backup_job'],
  },
  maintenance_backup_restore_points: {
    type: 'gauge',
    help: 'Restore points of the backup job in the repository. 0 means the repository was read and holds none.',
    labels: ['tool', 'backup_job'],
  },
  maintenance_backup_repository_readable: {
    type: 'gauge',
    help: 'Whether the list of restore points could be read (1) or not (0). A locked repository that can still be listed is readable.',
    labels: ['tool', 'backup_job'],
  },
  maintenance_backup_expected_interval_seconds: {
    type: 'gauge',
    help: 'How often the configuration says the backup job runs, in seconds. Present from the first minute, also for a job that has never run.',
    labels: ['tool', 'backup_job'],
  },
  maintenance_antivirus_info: {
    type: 'gauge',
    help: 'Antivirus product, its engine version and the version of its definitions; always 1.',
    labels: ['product', 'version', 'definitions'],
  },
  maintenance_antivirus_running: {
    type: 'gauge',
    help: 'Whether the antivirus agent answers (1) or not (0).',
    labels: ['product'],
  },
  maintenance_antivirus_definitions_timestamp_seconds: {
    type: 'gauge',
    help: 'When the vendor built the definitions found on disk, unix time, per database.',
    labels: ['product', 'database'],
  },
  maintenance_antivirus_definitions_loaded_timestamp_seconds: {
    type: 'gauge',
    help: 'When the vendor built the definitions the running agent has loaded, unix time. Older than the ones on disk means the agent did not reload.',
    labels: ['product'],
  },
  maintenance_disk_info: {
    type: 'gauge',
    help: 'Identity of a disk; always 1. disk is stable (WWN or serial number), device is the name the kernel gave it this time.',
    labels: ['disk', 'device', 'protocol', 'kind', 'model', 'serial', 'firmware'],
  },
  maintenance_disk_present: {
    type: 'gauge',
    help: 'Whether the disk is there now (1) or was seen before and is gone (0), until it is retired.',
    labels: ['disk'],
  },
  maintenance_disk_last_seen_timestamp_seconds: {
    type: 'gauge',
    help: 'When the disk was last read, unix time. Kept for a disk that is gone; absent for one that was never read.',
    labels: ['disk'],
  },
  maintenance_disk_readable: {
    type: 'gauge',
    help: 'Whether the disk answered with health data (1) or could not be asked (0): permission, wrong driver, open failed.',
    labels: ['disk'],
  },
  maintenance_disk_standby: {
    type: 'gauge',
    help: 'Whether the disk was left asleep (1) or was awake (0). A sleeping disk is not asked; its other facts are unknown.',
    labels: ['disk'],
  },
  maintenance_disk_smart_healthy: {
    type: 'gauge',
    help: "Whether the disk's own overall verdict is passed (1) or failing (0). Absent when the disk gives no verdict.",
    labels: ['disk'],
  },
  maintenance_disk_capacity_bytes: {
    type: 'gauge',
    help: 'Capacity of the disk in bytes.',
    labels: ['disk'],
  },
  maintenance_disk_temperature_celsius: {
    type: 'gauge',
    help: 'Current temperature of the disk.',
    labels: ['disk'],
  },
  maintenance_disk_temperature_limit_celsius: {
    type: 'gauge',
    help: 'Temperature up to which the disk is specified (operating; NVMe: warning threshold), and at which it trips, throttles or fails (critical), as the disk states them.',
    labels: ['disk', 'limit'],
  },
  maintenance_disk_power_on_seconds_total: {
    type: 'counter',
    help: 'Time the disk has been powered on, in seconds.',
    labels: ['disk'],
  },
  maintenance_disk_wear_ratio: {
    type: 'gauge',
    help: "Share of the disk's rated endurance used, 0 to 1; may exceed 1.",
    labels: ['disk'],
  },
  maintenance_disk_spare_ratio: {
    type: 'gauge',
    help: 'Share of spare capacity left, 0 to 1.',
    labels: ['disk'],
  },
  maintenance_disk_spare_threshold_ratio: {
    type: 'gauge',
    help: 'Share of spare capacity below which the disk calls it too little (NVMe available spare threshold), 0 to 1.',
    labels: ['disk'],
  },
  maintenance_disk_reallocated_sectors: {
    type: 'gauge',
    help: 'Sectors the disk has replaced with spare ones (ATA attribute 5 or device statistics, SCSI grown defects).',
    labels: ['disk'],
  },
  maintenance_disk_pending_sectors: {
    type: 'gauge',
    help: 'Sectors the disk could not read and waits to replace (ATA attribute 197, pending defects log or device statistics; SCSI pending defects).',
    labels: ['disk'],
  },
  maintenance_disk_uncorrectable_errors: {
    type: 'gauge',
    help: 'Errors the disk could not correct (ATA attribute 187, or 198 where 187 is missing, or device statistics; SCSI uncorrected read, write and verify errors).',
    labels: ['disk'],
  },
  maintenance_disk_media_errors_total: {
    type: 'counter',
    help: 'Media and data integrity errors the NVMe controller counted.',
    labels: ['disk'],
  },
  maintenance_disk_errors_logged_total: {
    type: 'counter',
    help: 'Errors the disk has logged in its life (ATA error log, the larger of summary and extended; NVMe error log entries). NVMe disks log refused commands as well.',
    labels: ['disk'],
  },
  maintenance_disk_corrected_errors_total: {
    type: 'counter',
    help: 'Errors a SCSI disk could correct while it did this (read, write, verify). Some are normal.',
    labels: ['disk', 'operation'],
  },
  maintenance_disk_interface_crc_errors_total: {
    type: 'counter',
    help: 'Transfer errors on the cable or backplane (ATA attribute 199 or device statistics).',
    labels: ['disk'],
  },
  maintenance_disk_unsafe_shutdowns_total: {
    type: 'counter',
    help: 'Power losses without notice the disk counted.',
    labels: ['disk'],
  },
  maintenance_disk_finding: {
    type: 'gauge',
    help: 'Whether the disk has this finding (1) or not (0), from its attributes, its logs and the exit status of smartctl: prefail_now or usage_now (an attribute that foretells failure, or old age, is at its threshold), past (one was), error_log (errors were logged), self_test_log (a failed self-test that no later extended one outdates). Absent when it cannot be told.',
    labels: ['disk', 'finding'],
  },
  maintenance_disk_critical_warning: {
    type: 'gauge',
    help: 'Whether an NVMe disk raises this critical warning (1) or not (0): spare, temperature, reliability, read_only, volatile_memory_backup, persistent_memory, other (NVMe health log).',
    labels: ['disk', 'warning'],
  },
  maintenance_disk_self_tests_logged: {
    type: 'gauge',
    help: 'Self-tests in the log of the disk, of any kind and outcome; 0 means that it keeps a log and none was run.',
    labels: ['disk'],
  },
  maintenance_disk_self_test_running: {
    type: 'gauge',
    help: 'Whether the disk runs a self-test now (1) or not (0).',
    labels: ['disk'],
  },
  maintenance_disk_self_test_last_timestamp_seconds: {
    type: 'gauge',
    help: 'When the last self-test of this kind (short, extended, conveyance, selective, offline, default, vendor) that came to a verdict ended, unix time, to the hour. Reckoned from the hours the disk was powered on since: time it was switched off is not seen.',
    labels: ['disk', 'kind'],
  },
  maintenance_disk_self_test_last_success: {
    type: 'gauge',
    help: 'Whether the last self-test of this kind that came to a verdict passed (1) or failed (0). One that was aborted, interrupted or still runs has no verdict.',
    labels: ['disk', 'kind'],
  },
  maintenance_disk_attribute_raw: {
    type: 'gauge',
    help: 'Raw value of an ATA SMART attribute; its meaning is the vendor’s.',
    labels: ['disk', 'attribute_id', 'attribute_name'],
  },
  maintenance_disk_attribute_value: {
    type: 'gauge',
    help: 'Normalised value of an ATA SMART attribute; higher is better.',
    labels: ['disk', 'attribute_id', 'attribute_name'],
  },
  maintenance_disk_attribute_worst: {
    type: 'gauge',
    help: 'Worst normalised value an ATA SMART attribute has had.',
    labels: ['disk', 'attribute_id', 'attribute_name'],
  },
  maintenance_disk_attribute_threshold: {
    type: 'gauge',
    help: 'Normalised value at or below which the vendor calls the ATA SMART attribute failed; 0 means never.',
    labels: ['disk', 'attribute_id', 'attribute_name'],
  },
  maintenance_disk_attribute_failed: {
    type: 'gauge',
    help: 'Always 1: this ATA SMART attribute is at or below its threshold now, or was in the past (when). Absent for all others; maintenance_disk_finding says whether there are any.',
    labels: ['disk', 'attribute_id', 'attribute_name', 'when'],
  },
  maintenance_disk_observed_annual_failure_ratio: {
    type: 'gauge',
    help: 'Failures per disk and year that Backblaze observed among hard disks whose attribute had this value or a better one (buckets as published by Scrutiny); may exceed 1. ATA hard disks only: absent for SSDs and disks of unknown kind.',
    labels: ['disk', 'attribute_id'],
  },
  maintenance_volume_info: {
    type: 'gauge',
    help: 'A volume that several disks, or several volumes on them, make up; always 1. kind: md, zfs, btrfs, lvm, megaraid, storage-spaces. level is the tool’s own word for its layout, such as raid1 or raidz2.',
    labels: ['kind', 'volume', 'level'],
  },
  maintenance_volume_present: {
    type: 'gauge',
    help: 'Whether the volume is there now (1) or was seen before and is gone (0).',
    labels: ['kind', 'volume'],
  },
  maintenance_volume_healthy: {
    type: 'gauge',
    help: 'Whether the volume is in order (1) or not (0): redundancy is missing or not yet restored, a member has failed, or the tool itself reports damage. A check that runs is no fault. Absent when it cannot be told.',
    labels: ['kind', 'volume'],
  },
  maintenance_volume_operational: {
    type: 'gauge',
    help: 'Whether the volume still serves its data (1) or has failed (0): too many members are gone, or it was not assembled. Degraded is not healthy and still operational. Absent when it cannot be told.',
    labels: ['kind', 'volume'],
  },
  maintenance_volume_members: {
    type: 'gauge',
    help: 'Members the volume is meant to have, spares not counted.',
    labels: ['kind', 'volume'],
  },
  maintenance_volume_degraded_members: {
    type: 'gauge',
    help: 'Members of the volume that are missing, failed, or not yet rebuilt.',
    labels: ['kind', 'volume'],
  },
  maintenance_volume_spares: {
    type: 'gauge',
    help: 'Spare disks that stand by and are usable.',
    labels: ['kind', 'volume'],
  },
  maintenance_volume_rebuild_ratio: {
    type: 'gauge',
    help: 'How far restoring the redundancy of the volume has come, 0 to 1; 0 also while it waits its turn. Absent when nothing is being restored.',
    labels: ['kind', 'volume'],
  },
  maintenance_volume_scrub_timestamp_seconds: {
    type: 'gauge',
    help: 'When all data of the volume were last read and compared, unix time. Absent when that never happened, and where it is not recorded.',
    labels: ['kind', 'volume'],
  },
  maintenance_volume_scrub_errors: {
    type: 'gauge',
    help: 'What the last scrub found: blocks or sectors that did not match or could not be read, as the tool counts them. Absent when there was none.',
    labels: ['kind', 'volume'],
  },
  maintenance_volume_errors: {
    type: 'gauge',
    help: 'Errors of the members since the tool’s counters were last reset. error: read, write, checksum, flush, generation (stale data), corrected, data (known damaged files).',
    labels: ['kind', 'volume', 'error'],
  },
  maintenance_volume_size_bytes: {
    type: 'gauge',
    help: 'Size of the volume in bytes.',
    labels: ['kind', 'volume'],
  },
  maintenance_volume_used_ratio: {
    type: 'gauge',
    help: 'Share of the space that is used, 0 to 1. space: data or metadata. A thin pool or snapshot of LVM that is full loses data.',
    labels: ['kind', 'volume', 'space'],
  },
  maintenance_volume_controller_healthy: {
    type: 'gauge',
    help: 'Whether the RAID controller calls itself in order (1) or not (0). controller is its name in its tool, such as c0. Absent when it gives no verdict.',
    labels: ['kind', 'controller'],
  },
  maintenance_volume_controller_battery_healthy: {
    type: 'gauge',
    help: 'Whether the battery or capacitor that keeps the write cache of the RAID controller is in order (1) or not (0). Absent when it has none.',
    labels: ['kind', 'controller'],
  },
  maintenance_volume_controller_failed_drives: {
    type: 'gauge',
    help: 'Drives of the RAID controller that have failed or are offline, in a volume or not.',
    labels: ['kind', 'controller'],
  },
  maintenance_host_info: {
    type: 'gauge',
    help: 'What this host is; always 1.',
    labels: ['hostname', 'os', 'os_version', 'kernel', 'architecture', 'manufacturer', 'model', 'virtual'],
  },
  maintenance_host_boot_timestamp_seconds: {
    type: 'gauge',
    help: 'When the host was started, unix time, to the minute.',
    labels: [],
  },
  maintenance_host_cpus: {
    type: 'gauge',
    help: 'Logical processors.',
    labels: [],
  },
  maintenance_host_memory_bytes: {
    type: 'gauge',
    help: 'Physical memory in bytes.',
    labels: [],
  },
  maintenance_filesystem_size_bytes: {
    type: 'gauge',
    help: 'Size of a local file system in bytes.',
    labels: ['mountpoint', 'fstype'],
  },
  maintenance_filesystem_free_bytes: {
    type: 'gauge',
    help: 'Space an unprivileged user can still use on a local file system, in bytes.',
    labels: ['mountpoint', 'fstype'],
  },
  maintenance_licence_expiry_timestamp_seconds: {
    type: 'gauge',
    help: 'When a licence or subscription ends, unix time: the end of its last day in UTC, as the configuration says.',
    labels: ['product'],
  },
  maintenance_warranty_expiry_timestamp_seconds: {
    type: 'gauge',
    help: 'When the warranty or maintenance contract of a device ends, unix time: the end of its last day in UTC, as the configuration says.',
    labels: ['asset'],
  },
  maintenance_authentication_failures_total: {
    type: 'counter',
    help: 'Failed authentications on this host since the exporter first looked, by any way in: ssh, and what PAM refused (login, su, sudo, desktops). It begins with 0, without what was on record before. Absent when the record cannot be read.',
    labels: [],
  },
  maintenance_tasks_confirmed: {
    type: 'gauge',
    help: 'Tasks of people of which a confirmation is on record on this host. 0 means the record was read and holds none.',
    labels: [],
  },
  maintenance_task_last_confirmed_timestamp_seconds: {
    type: 'gauge',
    help: 'When somebody last confirmed the task on this host, unix time, whatever the outcome: it is done only where maintenance_task_last_outcome_success is 1. Absent when nobody ever did.',
    labels: ['task'],
  },
  maintenance_task_last_outcome_success: {
    type: 'gauge',
    help: 'Whether the task was confirmed as done the last time (1), or somebody said that it could not be done or found something wrong (0).',
    labels: ['task'],
  },
  maintenance_collector_success: {
    type: 'gauge',
    help: 'Whether the last run of the collector could answer everything it was asked (1) or not (0).',
    labels: ['collector'],
  },
  maintenance_collector_error_info: {
    type: 'gauge',
    help: 'Why the last run of the collector could not answer everything; always 1, one series per reason, absent after a full success.',
    labels: ['collector', 'reason'],
  },
  maintenance_collector_duration_seconds: {
    type: 'gauge',
    help: 'How long the last run of the collector took, in seconds.',
    labels: ['collector'],
  },
  maintenance_collector_interval_seconds: {
    type: 'gauge',
    help: 'How often the collector is set to run, in seconds.',
    labels: ['collector'],
  },
  maintenance_collector_last_run_timestamp_seconds: {
    type: 'gauge',
    help: 'When the last run of the collector ended, unix time.',
    labels: ['collector'],
  },
  maintenance_collector_last_success_timestamp_seconds: {
    type: 'gauge',
    help: 'When the collector last answered everything it was asked, unix time. Absent until it has.',
    labels: ['collector'],
  },
  maintenance_collector_timeouts_total: {
    type: 'counter',
    help: 'Runs of the collector that were given up because they took too long.',
    labels: ['collector'],
  },
  maintenance_collector_duplicate_series: {
    type: 'gauge',
    help: 'Series of the last run that were dropped because they had been reported already; more than 0 is a defect of the collector.',
    labels: ['collector'],
  },
  maintenance_report_last_success_timestamp_seconds: {
    type: 'gauge',
    help: 'When the monthly report of this customer was last written, and sent where it is sent, unix time. From maintenance-report --metrics-file, through the textfile collector of node_exporter; report is the customer as in the policy, since the target has a customer of its own.',
    labels: ['report'],
  },
  maintenance_report_month_timestamp_seconds: {
    type: 'gauge',
    help: 'When the month of the newest report began for the customer, unix time.',
    labels: ['report'],
  },
  maintenance_report_gaps: {
    type: 'gauge',
    help: 'Gaps of the newest report: what was not measured or is unknown in it.',
    labels: ['report'],
  },
  maintenance_exporter_build_info: {
    type: 'gauge',
    help: 'Version of the exporter and of the Node.js it runs on; always 1.',
    labels: ['version', 'node_version'],
  },
  maintenance_exporter_config_last_reload_successful: {
    type: 'gauge',
    help: 'Whether the last attempt to read the configuration succeeded (1) or the previous one is still in use (0).',
    labels: [],
  },
  maintenance_exporter_config_last_reload_success_timestamp_seconds: {
    type: 'gauge',
    help: 'When the configuration in use was read, unix time.',
    labels: [],
  },
} as const satisfies Readonly<Record<`maintenance_${string}`, MetricSpec>>;

type Metrics = typeof metrics;
export type MetricName = keyof Metrics;

/** Every metric of a domain, by the beginning of its name after `maintenance_`. */
export function metricsOf(...domains: readonly string[]): readonly MetricName[] {
  return metricNames.filter((name) => domains.some((domain) => name.startsWith(`maintenance_${domain}_`)));
}

/** Names in exposition order. */
export const metricNames: readonly MetricName[] = Object.keys(metrics).filter((name): name is MetricName =>
  Object.hasOwn(metrics, name),
);

/** A label's values: one of the closed list, or any text. */
type LabelValue<L extends string> = L extends keyof typeof labelValues
  ? (typeof labelValues)[L][number]
  : string;

type LabelOf<N extends MetricName> = Metrics[N]['labels'][number];

/** Exactly the labels the catalogue declares for a metric: none missing, none added, none misspelt. */
export type Labels<N extends MetricName> = Metrics[N]['labels'] extends readonly []
  ? Readonly<Record<string, never>>
  : { readonly [L in LabelOf<N>]: LabelValue<L> };

/** One measured value. An unknown value has no sample. */
export interface Sample {
  readonly name: MetricName;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * The only way to make a sample; its arguments stand in the order of the exposition line they become.
 * @throws RangeError when the value is not a finite number: a collector that cannot tell must leave the sample out.
 */
export function sample<N extends MetricName>(name: N, labels: Labels<N>, value: number): Sample {
  if (!Number.isFinite(value)) throw new RangeError(`${name} is ${value}, not a finite number`);
  return { name, labels, value };
}

/** Labels that Prometheus adds when it scrapes; see deploy/prometheus. */
type TargetLabel = 'job' | 'instance' | 'customer' | 'site' | 'role';

/** Exact values; several values of one label mean any of them. */
export type Matchers<L extends string> = { readonly [K in L]?: string | readonly string[] };

/** A PromQL selector for a catalogued metric. */
export function vector<N extends MetricName>(
  name: N,
  match: Matchers<LabelOf<N> | TargetLabel> = {},
): string {
  return `${name}${matcherText(match)}`;
}

/** `{a="x",b=~"y|z"}`, or nothing when there is nothing to match. */
export function matcherText(match: Readonly<Record<string, string | readonly string[] | undefined>>): string {
  const matchers = Object.entries(match).flatMap(([label, value]) => {
    if (value === undefined) return [];
    const [only, ...more] = typeof value === 'string' ? [value] : value;
    if (only !== undefined && more.length === 0) return [`${label}=${JSON.stringify(only)}`];
    return [`${label}=~${JSON.stringify([only ?? '', ...more].map(escapeRegex).join('|'))}`];
  });
  return matchers.length === 0 ? '' : `{${matchers.join(',')}}`;
}

function escapeRegex(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

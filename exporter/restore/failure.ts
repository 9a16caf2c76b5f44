/** Why a restore test failed: a closed list, the first word of what is recorded and shown. */
export const restoreFailures = [
  'restore_failed', // the tool reported an error
  'timeout', // it took longer than it may
  'no_space', // the scratch directory has not enough room, or ran full
  'too_large', // it brought back more than it may
  'too_few_files', // nothing, or less than is expected, came back
  'canary_missing', // the file that proves it did not come back
  'canary_old', // it is not the one the last backup saved
  'canary_mismatch', // it is not what it should be
  'manifest_missing', // the list of hashes did not come back
  'manifest_mismatch', // a file is not what the list says
  'check_failed', // the operator's own check said no
] as const;
export type RestoreFailure = (typeof restoreFailures)[number];

/** A restore that did not bring back what it should. */
export class RestoreError extends Error {
  readonly reason: RestoreFailure;

  constructor(reason: RestoreFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RestoreError';
    this.reason = reason;
  }
}

/** What was found about one reason to reboot; there is none where it cannot be told. */
export interface Answer {
  readonly reason:
    | 'flag_file'
    | 'kernel'
    | 'libraries'
    | 'microcode'
    | 'component_servicing'
    | 'windows_update'
    | 'file_renames';
  readonly required: boolean;
  /** When the reason appeared, as far as the host tells, unix seconds. */
  readonly since?: number;
}

/** An answer that counts from the earliest of several times, where there are any. */
export function answerSince(reason: Answer['reason'], required: boolean, times: readonly number[]): Answer {
  return required && times.length > 0
    ? { reason, required, since: Math.min(...times) }
    : { reason, required };
}

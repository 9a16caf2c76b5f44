/** See pbs-api-types/src/upid.rs: `UPID:{node}:{pid}:{pstart}:{task_id}:{starttime}:{worker_type}:{worker_id}:{auth_id}:`. */
const upid =
  /^UPID:[A-Za-z0-9][A-Za-z0-9-]*:[0-9A-Fa-f]{8}:[0-9A-Fa-f]{8,9}:[0-9A-Fa-f]{8,16}:([0-9A-Fa-f]{8}):[^:\s]+:[^:\s]*:[^:\s]+:$/;

/** When a task began, unix seconds: the sixth part of its name, in hex. Undefined for anything that is no UPID. */
export function taskStart(text: string | null | undefined): number | undefined {
  const start = upid.exec(text ?? '')?.[1];
  return start === undefined ? undefined : Number.parseInt(start, 16);
}

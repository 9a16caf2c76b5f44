/**
 * Starts the server, waits until it answers, asks, and stops it at once, as nobody needs what it would still write. That it
 * is stopped holds for a session that is ended too: its processes are not all in one group.
 * Its two files of settings are its own: Debian keeps them outside of the data directory, so no backup has them, and those of
 * another backup would let others in.
 * Arguments: folder of the programs, scratch folder, role, database, SQL, whether rows are read, then those of the server.
 */
export const session = `
programs=$1 scratch=$2 role=$3 database=$4 sql=$5 rows=$6
shift 6
: >"$scratch/postgresql.conf" || exit 1
echo 'local all all trust' | cat >"$scratch/pg_hba.conf" || exit 1
"$programs/postgres" -D "$scratch/data" "$@" >"$scratch/log" 2>&1 &
server=$!
stop() { kill -QUIT $server 2>/dev/null; wait $server; }
trap stop EXIT
trap 'exit 143' TERM INT
ask() { "$programs/psql" -h "$scratch" -p 5432 -U "$role" -XqAt -v ON_ERROR_STOP=1 -v VERBOSITY=terse -d "$1" -c "$2"; }
until ask template1 'select 1' >/dev/null 2>"$scratch/said"; do
  if ! kill -0 $server 2>/dev/null; then grep -E 'FATAL|PANIC' "$scratch/log" | tail -n 1 >&2; exit 1; fi
  if grep -q 'FATAL: *role' "$scratch/said"; then cat "$scratch/said" >&2; exit 1; fi
  sleep 0.2
done
look() {
  if [ -z "$rows" ]; then ask "$1" 'select count(*) from pg_class' >/dev/null; return; fi
  "$programs/pg_dump" -h "$scratch" -p 5432 -U "$role" -d "$1" -f /dev/null 2>"$scratch/said" && return
  grep -m 1 -E 'ERROR|FATAL|PANIC' "$scratch/said" >&2 || cat "$scratch/said" >&2
  return 1
}
ask template1 "select datname from pg_database where datallowconn" >"$scratch/databases" || exit 1
while read -r name; do look "$name" || exit 1; done <"$scratch/databases"
if [ -n "$sql" ]; then ask "$database" "$sql" || exit 1; fi
`;

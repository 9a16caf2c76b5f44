/** ISO 8601 as servers write it: any number of digits behind the second, a zone or none. */
const shape = /^(\d{4})-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?$/;
/** .NET and SQL Server write year 1, 1753, 1899 or 1970 where there is no date. */
const firstYear = 1980;

/**
 * Unix seconds of a date in an answer; undefined where there is none or it cannot be told.
 * @param zone what a date without a zone is in: `UTC` where its name or the documentation says so. Without it such a date is
 *   unknown, since the zone of the server is.
 */
export function moment(text: string | null | undefined, zone?: 'UTC'): number | undefined {
  const [whole, year, offset] = shape.exec(text ?? '') ?? [];
  if (whole === undefined || Number(year) < firstYear) return undefined;
  if (offset === undefined && zone === undefined) return undefined;
  const milliseconds = Date.parse(offset === undefined ? `${whole}Z` : whole);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}

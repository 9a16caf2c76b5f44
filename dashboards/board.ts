import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type DashboardLink,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Policy } from '../alerts/policy.ts';
import { datasource } from './panels.ts';

/** One board: who reads it and what it answers is in its description. */
export interface Board {
  /** Fixed address `/d/<uid>`, and the name of the generated file. */
  readonly uid: string;
  readonly build: (policy: Policy) => Dashboard;
}

const tag = 'maintenance-posture';

/** What every board has: variables, links to the other boards, read-only, a shared crosshair. */
export function board(text: {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** Default time range, like `now-30d`. */
  readonly from: string;
  readonly refresh: string;
}): DashboardBuilder {
  return new DashboardBuilder(text.title)
    .id(null)
    .uid(text.uid)
    .description(text.description)
    .tags([tag])
    .readonly()
    .timezone('browser')
    .time({ from: text.from, to: 'now' })
    .refresh(text.refresh)
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))
    .withVariable(variable('customer', 'Customer', 'label_values(up{job="maintenance"}, customer)'))
    .withVariable(
      variable(
        'instance',
        'Instance',
        'label_values(up{job="maintenance", customer=~"$customer"}, instance)',
      ),
    )
    .link(otherBoards);
}

/** In sight beside the variables: the SDK would put it into a menu. */
const otherBoards = {
  build: (): DashboardLink => {
    const { placement: _, ...link } = new DashboardLinkBuilder('Maintenance boards')
      .type(DashboardLinkType.Dashboards)
      .tags([tag])
      .asDropdown(true)
      .includeVars(true)
      .keepTime(true)
      .build();
    return link;
  },
};

function variable(name: string, label: string, query: string): QueryVariableBuilder {
  return (
    new QueryVariableBuilder(name)
      .label(label)
      .datasource(datasource)
      .query(query)
      .refresh(VariableRefresh.OnTimeRangeChanged)
      // oxlint-disable-next-line unicorn/no-array-sort -- a builder's setting, not an array
      .sort(VariableSort.AlphabeticalAsc)
      .multi(true)
      .includeAll(true)
      .allValue('.+')
      .current({ text: 'All', value: '$__all' })
  );
}

import { Checkbox, Group, Select, Skeleton, Switch } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ComponentProps, useState } from 'react';
import { plansQuery } from '../../../../api/plans';
import { importPreviewQuery, runImport } from '../../../../api/routers';
import type { ImportResult, ImportRow } from '../../../../api/types';
import { plain } from '../../../../format/escape';
import { count, plural } from '../../../../format/number';
import { useSession, useWhyNot } from '../../../../session/session';
import { ActionButton } from '../../../../ui/ActionButton';
import { Failed } from '../../../../ui/Failed';
import { Safe } from '../../../../ui/Safe';
import { ScrollTable } from '../../../../ui/ScrollTable';
import { Status, type Tone } from '../../../../ui/Status';
import { toast } from '../../../../ui/toast';
import { ServiceLink } from '../../../../words/Links';
import classes from './-Routers.module.css';

const ACTIONS: Record<ImportRow['action'], { tone: Tone; label: string }> = {
  create: { tone: 'good', label: 'New' },
  update: { tone: 'warn', label: 'Update' },
  skip: { tone: 'idle', label: 'Skip' },
};

type Plans = Record<string, string | null>;

/** The PPP secrets of a router as services: first what would happen, then, when asked, that. */
export function ImportPanel({ id }: { id: string }) {
  const whyNot = useWhyNot('routers.write');
  const queries = useQueryClient();
  const [customers, setCustomers] = useState(true);
  const [plans, setPlans] = useState<Plans>({});
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const choice = { customers, plans };
  const preview = useQuery({ ...importPreviewQuery(id, choice), enabled: !whyNot });
  const found = preview.data;
  const wanted = found?.rows.filter((row) => row.action !== 'skip' && !left.has(row.username)) ?? [];
  const run = useMutation({
    mutationFn: () => runImport(id, { ...choice, usernames: wanted.map(({ username }) => username) }, false),
    onSuccess: () => queries.invalidateQueries(),
    onError: (error) => void toast(error.message, 'bad'),
  });
  if (whyNot) return <p>{whyNot}</p>;
  if (preview.error) return <Failed error={preview.error} onRetry={() => void preview.refetch()} />;
  if (!found) return <Skeleton height={160} aria-label="Reading the router" />;
  if (run.data) return <Imported result={run.data} />;
  const tick = (usernames: string[], on: boolean) => {
    const next = new Set(left);
    for (const username of usernames) {
      if (on) next.delete(username);
      else next.add(username);
    }
    setLeft(next);
  };
  return (
    <div className={classes.column}>
      <div className={classes.row}>
        <strong>This would happen: {sums(found)}</strong>
        <Switch
          label="Create customers from the comments of the secrets"
          checked={customers}
          onChange={(event) => setCustomers(event.currentTarget.checked)}
          disabled={run.isPending}
        />
      </div>
      <Profiles
        profiles={found.profiles}
        chosen={plans}
        onChange={(profile, plan) => setPlans({ ...plans, [profile]: plan })}
      />
      <ScrollTable
        label="Secrets of the router"
        columns={[tickColumn(found.rows, left, tick), ...COLUMNS]}
        rows={found.rows}
        rowId={({ username, action }) => `${action} ${username}`}
      />
      <Group justify="space-between">
        <span>PPP passwords are not read. A disabled secret becomes a suspended service.</span>
        <ActionButton
          loading={run.isPending}
          whyNot={nothingToDo(found, wanted)}
          onClick={() => run.mutate()}
        >
          Import {plural(wanted.length, 'service')}
        </ActionButton>
      </Group>
    </div>
  );
}

function Imported({ result }: { result: ImportResult }) {
  return (
    <div className={classes.column}>
      <strong>Imported: {sums(result)}</strong>
      <ScrollTable
        label="Secrets of the router"
        columns={COLUMNS}
        rows={result.rows}
        rowId={({ username, action }) => `${action} ${username}`}
      />
    </div>
  );
}

const NO_PLAN = '';

interface ProfilesProps {
  profiles: ImportResult['profiles'];
  chosen: Plans;
  onChange: (profile: string, plan: string | null) => void;
}

/** Which plan each PPP profile stands for. */
function Profiles({ profiles, chosen, onChange }: ProfilesProps) {
  const { slug } = useSession().tenant;
  const plans = useQuery(plansQuery).data?.items;
  if (profiles.length === 0 || !plans) return null;
  if (plans.length === 0) {
    return (
      <p>
        No plan exists yet: with{' '}
        <Link to="/t/$slug/plans" params={{ slug }}>
          plans
        </Link>
        , each PPP profile can stand for one, and the services get it here.
      </p>
    );
  }
  const options = [
    { value: NO_PLAN, label: 'No plan' },
    ...plans.map(({ id, name }) => ({ value: id, label: plain(name) })),
  ];
  return (
    <fieldset className={classes.plans}>
      <legend>Plan for each PPP profile; remembered for the next import, from any router</legend>
      {profiles.map(({ profile, users, planId }) => (
        <Select
          key={profile}
          size="xs"
          label={`${plain(profile)} (${count(users)})`}
          data={options}
          allowDeselect={false}
          searchable
          value={(profile in chosen ? chosen[profile] : planId) ?? NO_PLAN}
          onChange={(plan) => onChange(profile, plan || null)}
        />
      ))}
    </fieldset>
  );
}

type Column = ComponentProps<typeof ScrollTable<ImportRow>>['columns'][number];

function tickColumn(
  rows: ImportRow[],
  left: ReadonlySet<string>,
  onTick: (usernames: string[], on: boolean) => void,
): Column {
  const able = rows.filter(({ action }) => action !== 'skip').map(({ username }) => username);
  const off = able.filter((username) => left.has(username)).length;
  return {
    id: 'tick',
    header: (
      <Checkbox
        size="xs"
        aria-label="Import all"
        checked={able.length > 0 && off === 0}
        indeterminate={off > 0 && off < able.length}
        disabled={able.length === 0}
        onChange={(event) => onTick(able, event.currentTarget.checked)}
      />
    ),
    cell: ({ action, username }) =>
      action === 'skip' ? null : (
        <Checkbox
          size="xs"
          aria-label={`Import ${plain(username)}`}
          checked={!left.has(username)}
          onChange={(event) => onTick([username], event.currentTarget.checked)}
        />
      ),
  };
}

const sums = ({ created, updated, skipped }: ImportResult): string =>
  `${count(created)} new, ${count(updated)} updated, ${count(skipped)} skipped`;

function nothingToDo({ created, updated }: ImportResult, wanted: ImportRow[]): string | null {
  if (created + updated === 0) return 'Everything on this router is here already.';
  return wanted.length === 0 ? 'Tick the users to import first.' : null;
}

const COLUMNS: Column[] = [
  { header: 'User', cell: ({ serviceId, username }) => <ServiceLink id={serviceId} name={username} /> },
  { header: 'Customer', cell: ({ name }) => <Safe text={name} /> },
  {
    header: 'Profile',
    wide: true,
    cell: ({ profile, planName }) => (
      <>
        <Safe text={profile} />
        {planName ? (
          <>
            {' → '}
            <Safe text={planName} />
          </>
        ) : null}
      </>
    ),
  },
  {
    header: 'What happens',
    cell: ({ action, disabled, reason }) => (
      <>
        <Status {...ACTIONS[action]} />
        {disabled ? ' · suspended' : ''}
        {action === 'create' ? null : (
          <>
            {' · '}
            <Safe text={reason} />
          </>
        )}
      </>
    ),
  },
];

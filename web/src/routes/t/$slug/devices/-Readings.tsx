import { useQuery } from '@tanstack/react-query';
import { readingsQuery, type Span } from '../../../../api/metrics';
import type { Reading } from '../../../../api/types';
import { Facts } from '../../../../ui/Facts';
import { Panel } from '../../../../ui/Panel';
import { Safe } from '../../../../ui/Safe';
import { ScrollTable } from '../../../../ui/ScrollTable';
import classes from './-Device.module.css';
import type { Zoom } from './-Ranges';
import { facts, groups, inWords, stationColumns, stations } from './-readings';
import { SeriesGraph } from './-SeriesGraph';

interface Props {
  id: string;
  span: Span;
  zoom: Zoom;
}

interface ChoiceProps extends Props {
  /** The MAC address of the station whose graphs are open. */
  chosen: string | undefined;
  onChoose: (station: string | undefined) => void;
}

/** What the device says of itself by SNMP, and of the stations that are connected to it; nothing while it said nothing. */
export function Readings({ chosen, onChoose, ...props }: ChoiceProps) {
  const { data = [] } = useQuery(readingsQuery(props.id));
  const own = data.filter(({ station }) => !station);
  const told = facts(own);
  return (
    <>
      <Graphs readings={own} {...props} />
      {told.length > 0 ? (
        <Panel title="Readings">
          <Facts items={told.map(([name, value]) => [name, <Safe key="v" text={value} />])} />
        </Panel>
      ) : null}
      <Stations readings={data} chosen={chosen} onChoose={onChoose} {...props} />
    </>
  );
}

function Graphs({ readings, id, span, zoom }: Props & { readings: Reading[] }) {
  const drawn = groups(readings);
  if (drawn.length === 0) return null;
  return (
    <div className={classes.grid}>
      {drawn.map(({ title, unit, low, high, lines }) => (
        <Panel
          key={`${title} ${unit}`}
          title={title}
          aside={<span className="numbers">{lines.map(({ reading }) => inWords(reading)).join(' · ')}</span>}
        >
          <SeriesGraph
            id={id}
            span={span}
            zoom={zoom}
            label={title}
            unit={unit}
            lines={lines}
            low={low}
            high={high}
          />
        </Panel>
      ))}
    </div>
  );
}

function Stations({ readings, chosen, onChoose, ...props }: ChoiceProps & { readings: Reading[] }) {
  const found = stations(readings);
  if (found.length === 0) return null;
  const open = found.find(({ station }) => station === chosen);
  return (
    <Panel title="Stations" aside={<span className="numbers">{found.length}</span>}>
      <ScrollTable
        label="Stations"
        rows={found}
        rowId={({ station }) => station}
        columns={[
          {
            header: 'Station',
            cell: ({ station }) => (
              <button
                type="button"
                className={`${classes.choose} ${classes.value}`}
                aria-expanded={station === chosen}
                onClick={() => onChoose(station === chosen ? undefined : station)}
              >
                <Safe text={station} />
              </button>
            ),
          },
          ...stationColumns(readings).map(({ class: kind, title }) => ({
            header: title,
            cell: (row: (typeof found)[number]) => {
              const reading = row.readings.find((each) => each.class === kind);
              return (
                <span className={classes.value}>{reading ? <Safe text={inWords(reading)} /> : '–'}</span>
              );
            },
          })),
        ]}
      />
      {open ? (
        <section key={open.station} className={classes.opened} aria-label={`Station ${open.station}`}>
          <Graphs readings={open.readings} {...props} />
        </section>
      ) : null}
    </Panel>
  );
}

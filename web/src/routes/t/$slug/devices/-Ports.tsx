import { useQuery } from '@tanstack/react-query';
import { portsQuery, type Span } from '../../../../api/metrics';
import type { Port } from '../../../../api/types';
import { plain } from '../../../../format/escape';
import { digits, rate } from '../../../../format/number';
import { Panel } from '../../../../ui/Panel';
import { Safe } from '../../../../ui/Safe';
import { ScrollTable } from '../../../../ui/ScrollTable';
import { Status } from '../../../../ui/Status';
import classes from './-Device.module.css';
import type { Zoom } from './-Ranges';
import { SeriesGraph } from './-SeriesGraph';

interface Props {
  id: string;
  span: Span;
  zoom: Zoom;
  /** The index of the port whose traffic is open. */
  chosen: string | undefined;
  onChoose: (port: string | undefined) => void;
}

/** The ports of a device with their traffic; nothing while it told of none. */
export function Ports({ id, span, zoom, chosen, onChoose }: Props) {
  const { data = [] } = useQuery(portsQuery(id));
  if (data.length === 0) return null;
  const open = data.find(({ index }) => String(index) === chosen);
  return (
    <Panel title="Ports" aside={<span className="numbers">{data.length}</span>}>
      <ScrollTable
        label="Ports"
        rows={data}
        rowId={({ index }) => index}
        columns={[
          {
            header: 'Port',
            cell: (port) => (
              <button
                type="button"
                className={classes.choose}
                aria-expanded={port === open}
                onClick={() => onChoose(port === open ? undefined : String(port.index))}
              >
                <Safe text={nameOf(port)} />
              </button>
            ),
          },
          {
            header: 'Description',
            wide: true,
            cell: ({ alias, description }) => <Safe text={alias || description} />,
          },
          { header: 'Link', cell: (port) => <Status {...linkOf(port)} /> },
          { header: 'Speed', wide: true, cell: ({ speed }) => <Bits value={speed} /> },
          { header: 'In', cell: ({ bitsIn }) => <Bits value={bitsIn} /> },
          { header: 'Out', cell: ({ bitsOut }) => <Bits value={bitsOut} /> },
          { header: 'Errors/s', wide: true, cell: errors },
        ]}
      />
      {open ? (
        <section key={open.index} className={classes.opened} aria-label={`Traffic of ${plain(nameOf(open))}`}>
          <SeriesGraph
            id={id}
            span={span}
            zoom={zoom}
            label={`Traffic of ${plain(nameOf(open))}`}
            unit="bit/s"
            low={0}
            height={200}
            lines={[
              { series: `port-in:${open.index}`, name: 'in' },
              { series: `port-out:${open.index}`, name: 'out' },
            ]}
          />
        </section>
      ) : null}
    </Panel>
  );
}

const nameOf = ({ name, description, index }: Port): string => name || description || String(index);

function linkOf({ enabled, link }: Port) {
  if (enabled === false) return { tone: 'paused', label: 'Disabled' } as const;
  if (link === 'up') return { tone: 'good', label: 'Up' } as const;
  if (link === 'down') return { tone: 'idle', label: 'No link' } as const;
  return { tone: 'idle', label: link ? plain(link) : 'Unknown' } as const;
}

function Bits({ value }: { value: number | null | undefined }) {
  return <span className={classes.value}>{rate(value == null ? null : value / 1000)}</span>;
}

function errors({ errorsIn, errorsOut }: Port): string {
  if (errorsIn == null && errorsOut == null) return '–';
  return errorsIn || errorsOut ? `${digits(errorsIn ?? 0)} in, ${digits(errorsOut ?? 0)} out` : 'none';
}

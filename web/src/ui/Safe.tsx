import { pieces } from '../format/escape';
import classes from './Safe.module.css';

/** Text from the network. Never markup; control, bidirectional and invisible characters are shown as escapes. */
export function Safe({ text, none = '–' }: { text: string | null | undefined; none?: string }) {
  if (text == null || text === '')
    return (
      <span className={classes.none} data-none>
        {none}
      </span>
    );
  const parts = pieces(text);
  if (parts.length === 1 && !parts[0]?.name) return <bdi>{text}</bdi>;
  return (
    <bdi>
      {parts.map((piece, index) =>
        piece.name ? (
          <span key={index} className={classes.escape} title={piece.name}>
            {piece.text}
          </span>
        ) : (
          piece.text
        ),
      )}
    </bdi>
  );
}

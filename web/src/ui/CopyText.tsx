import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { plain } from '../format/escape';
import classes from './CopyText.module.css';
import { Safe } from './Safe';

const SHOWN_MS = 1500;

/** Addresses, names and keys in even type; a click copies them. */
export function CopyText({ text, label }: { text: string | null | undefined; label?: string }) {
  const [copied, setCopied] = useState(false);
  if (!text) return <Safe text={text} />;
  const copy = async (event: React.MouseEvent) => {
    event.stopPropagation();
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN_MS);
  };
  return (
    <button
      type="button"
      className={classes.copy}
      onClick={copy}
      title="Copy"
      aria-label={`Copy ${label ?? plain(text)}`}
    >
      <Safe text={text} />
      {copied ? <IconCheck size={13} aria-hidden /> : <IconCopy size={13} aria-hidden />}
      <span aria-live="polite" className={classes.said}>
        {copied ? 'Copied' : ''}
      </span>
    </button>
  );
}

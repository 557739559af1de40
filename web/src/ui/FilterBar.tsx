import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useId, useRef, useState } from 'react';
import { plain } from '../format/escape';
import classes from './FilterBar.module.css';
import { type FilterField, type Filters, labelOf, type Suggestion, suggest } from './filters';

interface Props {
  fields: FilterField[];
  q: string;
  filters: Filters;
  onChange: (q: string, filters: Filters) => void;
  placeholder: string;
}

const TYPING_MS = 250;

/** One box for free text and typed filters: `status:offline`, `router:…`. Backspace takes the last filter away. */
export function FilterBar({ fields, q, filters, onChange, placeholder }: Props) {
  const [text, setText] = useState(q);
  const [open, setOpen] = useState(false);
  const [marked, setMarked] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const list = useId();
  const search = useDebouncedCallback((value: string) => onChange(value, filters), TYPING_MS);
  const { typing, items, none } = suggest(fields, filters, text);
  const shown = open && items.length > 0;
  const keys = Object.keys(filters).filter((key) => filters[key] !== undefined);
  useEffect(() => setText(q), [q]);
  useEffect(() => focusOnSlash(input), []);

  const type = (value: string) => {
    setText(value);
    setOpen(true);
    setMarked(-1);
    if (!suggest(fields, filters, value).typing) search(value);
  };
  const take = ({ key, value }: Suggestion) => {
    setMarked(-1);
    if (value === undefined) return setText(`${key}:`);
    setText('');
    setOpen(false);
    onChange('', { ...filters, [key]: value });
  };
  const drop = (key: string) => {
    const { [key]: _, ...rest } = filters;
    onChange(typing ? '' : text, rest);
    input.current?.focus();
  };
  const clear = () => {
    setText('');
    onChange('', {});
    input.current?.focus();
  };
  const press = (event: React.KeyboardEvent) => {
    const chosen = items[typing && marked < 0 ? 0 : marked];
    const lastKey = keys.at(-1);
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setOpen(true);
      setMarked(next(marked, event.key === 'ArrowDown' ? 1 : -1, items.length));
    } else if (event.key === 'Enter' && shown && chosen) {
      event.preventDefault();
      take(chosen);
    } else if (event.key === 'Enter' || event.key === 'Escape') {
      setOpen(false);
    } else if (event.key === 'Backspace' && text === '' && lastKey) {
      drop(lastKey);
    }
  };

  return (
    <div className={classes.bar}>
      <IconSearch size={15} aria-hidden className={classes.icon} />
      {keys.map((key) => (
        <span key={key} className={classes.chip}>
          <span className={classes.key}>{key}:</span>
          {plain(labelOf(fields, key, filters[key] ?? ''))}
          <button type="button" aria-label={`Remove filter ${key}`} onClick={() => drop(key)}>
            <IconX size={12} aria-hidden />
          </button>
        </span>
      ))}
      <input
        ref={input}
        className={classes.input}
        role="combobox"
        aria-label={placeholder}
        aria-expanded={shown}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={shown && marked >= 0 ? `${list}-${marked}` : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder={keys.length === 0 ? placeholder : ''}
        value={text}
        onChange={(event) => type(event.currentTarget.value)}
        onFocus={() => setOpen(true)}
        onClick={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={press}
      />
      {text || keys.length > 0 ? (
        <button type="button" className={classes.clear} aria-label="Clear search and filters" onClick={clear}>
          <IconX size={15} aria-hidden />
        </button>
      ) : null}
      <div id={list} role="listbox" aria-label="Filters" className={classes.list} hidden={!shown}>
        {items.map((item, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's, which keeps the focus
          <div
            key={item.id}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === marked}
            className={classes.option}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => take(item)}
          >
            <span className={classes.key}>{item.key}:</span>
            {plain(item.label)}
          </div>
        ))}
      </div>
      {none ? (
        <p role="status" className={classes.none}>
          {plain(none)}
        </p>
      ) : null}
    </div>
  );
}

/** The option after or before; from none to the first or last. */
function next(marked: number, by: 1 | -1, length: number): number {
  if (length === 0) return -1;
  return marked < 0 ? (by === 1 ? 0 : length - 1) : (marked + by + length) % length;
}

/** `/` jumps to the search from anywhere but another field. */
function focusOnSlash(input: React.RefObject<HTMLInputElement | null>): () => void {
  const listen = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (event.key !== '/' || target.closest('input, textarea, [contenteditable]')) return;
    event.preventDefault();
    input.current?.focus();
  };
  addEventListener('keydown', listen);
  return () => removeEventListener('keydown', listen);
}

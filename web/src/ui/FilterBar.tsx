import { CloseButton, Combobox, Pill, PillsInput, useCombobox } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
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
  const input = useRef<HTMLInputElement>(null);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const search = useDebouncedCallback((value: string) => onChange(value, filters), TYPING_MS);
  const suggestions = suggest(fields, filters, text);
  useEffect(() => setText(q), [q]);
  useEffect(() => focusOnSlash(input), []);

  const type = (value: string) => {
    setText(value);
    combobox.openDropdown();
    combobox.updateSelectedOptionIndex();
    if (!suggest(fields, filters, value).typing) search(value);
  };
  const take = (id: string) => {
    const chosen = suggestions.items.find((item) => item.id === id);
    if (!chosen) return;
    if (chosen.value === undefined) {
      setText(`${chosen.key}:`);
      return;
    }
    setText('');
    combobox.closeDropdown();
    onChange('', { ...filters, [chosen.key]: chosen.value });
  };
  const drop = (key: string) => {
    const { [key]: _, ...rest } = filters;
    onChange(suggestions.typing ? '' : text, rest);
  };
  const keys = Object.keys(filters).filter((key) => filters[key] !== undefined);

  return (
    <Combobox store={combobox} onOptionSubmit={take} withinPortal={false}>
      <Combobox.DropdownTarget>
        <PillsInput
          className={classes.bar}
          leftSection={<IconSearch size={15} aria-hidden />}
          rightSection={
            text || keys.length > 0 ? (
              <CloseButton
                size="sm"
                aria-label="Clear search and filters"
                onClick={() => {
                  setText('');
                  onChange('', {});
                }}
              />
            ) : null
          }
        >
          <Pill.Group>
            {keys.map((key) => (
              <Pill
                key={key}
                withRemoveButton
                onRemove={() => drop(key)}
                removeButtonProps={{
                  'aria-label': `Remove filter ${key}`,
                  tabIndex: 0,
                  'aria-hidden': false,
                }}
              >
                <span className={classes.key}>{key}:</span>
                {plain(labelOf(fields, key, filters[key] ?? ''))}
              </Pill>
            ))}
            <Combobox.EventsTarget>
              <PillsInput.Field
                ref={input}
                aria-label={placeholder}
                placeholder={keys.length === 0 ? placeholder : ''}
                value={text}
                onChange={(event) => type(event.currentTarget.value)}
                onFocus={() => combobox.openDropdown()}
                onClick={() => combobox.openDropdown()}
                onBlur={() => combobox.closeDropdown()}
                onKeyDown={(event) => {
                  const lastKey = keys.at(-1);
                  if (event.key === 'Backspace' && text === '' && lastKey) drop(lastKey);
                  if (event.key === 'Escape') combobox.closeDropdown();
                }}
              />
            </Combobox.EventsTarget>
          </Pill.Group>
        </PillsInput>
      </Combobox.DropdownTarget>
      <Combobox.Dropdown hidden={suggestions.items.length === 0}>
        <Combobox.Options className={classes.options} aria-label="Filters">
          {suggestions.items.map((item) => (
            <Combobox.Option key={item.id} value={item.id}>
              <Line item={item} />
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function Line({ item }: { item: Suggestion }) {
  return (
    <span className={classes.line}>
      <span className={classes.key}>{item.key}:</span>
      <span>{plain(item.label)}</span>
    </span>
  );
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

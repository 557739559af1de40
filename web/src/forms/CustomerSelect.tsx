import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { findCustomers } from '../api/customers';
import { plain } from '../format/escape';

interface Props {
  value?: string;
  onChange?: (id: string | null) => void;
  error?: React.ReactNode;
  /** The customer chosen so far; the list only holds matches. */
  current?: { id: string; name: string } | undefined;
}

const TYPING_MS = 200;
const FOUND = 20;

/** One customer out of any number, found by typing. */
export function CustomerSelect({ value, onChange, error, current }: Props) {
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text, TYPING_MS);
  const [chosen, setChosen] = useState(current);
  const found = useQuery(findCustomers(q === chosen?.name ? '' : q, FOUND)).data?.items ?? [];
  const all = new Map([...(chosen ? [chosen] : []), ...found].map(({ id, name }) => [id, name]));
  return (
    <Select
      label="Customer"
      placeholder="Type to search"
      searchable
      clearable
      data={[...all].map(([id, name]) => ({ value: id, label: plain(name) }))}
      filter={({ options }) => options}
      nothingFoundMessage="No customer matches"
      onSearchChange={setText}
      value={value || null}
      onChange={(id) => {
        setChosen(id ? { id, name: all.get(id) ?? '' } : undefined);
        onChange?.(id);
      }}
      error={error}
    />
  );
}

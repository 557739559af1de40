import { Button, type ButtonProps } from '@mantine/core';
import { Hint } from './Hint';

interface Props extends ButtonProps {
  onClick?: () => void;
  type?: 'button' | 'submit';
  /** Where the words on it do not say what it is about; begins with them. */
  'aria-label'?: string;
  /** Why this cannot be done now. The button stays in place and says so. */
  whyNot?: string | null;
}

/** A button that, when it must not be used, says why instead of disappearing. */
export function ActionButton({ whyNot, onClick, children, ...props }: Props) {
  if (!whyNot) {
    return (
      <Button onClick={onClick} {...props}>
        {children}
      </Button>
    );
  }
  return (
    <Hint label={whyNot}>
      <Button
        {...props}
        type="button"
        data-disabled
        aria-disabled
        onClick={(event) => event.preventDefault()}
      >
        {children}
      </Button>
    </Hint>
  );
}

import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { signOut } from '../../../api/session';
import type { Session } from '../../../api/types';
import { plain } from '../../../format/escape';
import { leave } from '../../../session/travel';
import { Gate } from '../../-Gate';
import classes from './-Elsewhere.module.css';

/** A link led into a network that this person does not belong to, or that does not exist: nobody is told which. */
export class NotAMember extends Error {
  constructor(
    readonly slug: string,
    readonly session: Session,
  ) {
    super('not a member');
  }
}

/** Says so, and where this person can go instead. */
export function Elsewhere({ error: { slug, session } }: { error: NotAMember }) {
  const { user, memberships } = session;
  return (
    <Gate
      title="This network is not open to you"
      intro={`You are signed in as ${plain(user.email)}, which is not a member of “${plain(slug)}”. Ask its administrator for an invitation, or sign in with another address.`}
    >
      {memberships.length > 0 ? (
        <>
          <p className={classes.yours}>Your networks:</p>
          <ul className={classes.list}>
            {memberships.map((membership) => (
              <li key={membership.slug}>
                <Link to="/t/$slug" params={{ slug: membership.slug }}>
                  {plain(membership.name)}
                </Link>
              </li>
            ))}
          </ul>
        </>
      ) : null}
      <Button variant="default" onClick={() => void signOut().then(() => leave('/sign-in'))}>
        Sign in with another address
      </Button>
    </Gate>
  );
}

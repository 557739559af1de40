import { IconCircleCheck } from '@tabler/icons-react';
import type { Overview, Trouble } from '../../../../api/types';
import { plural } from '../../../../format/number';
import { Lasting } from '../../../../ui/Ago';
import { Empty } from '../../../../ui/Empty';
import { Panel } from '../../../../ui/Panel';
import { Safe } from '../../../../ui/Safe';
import { RouterLink } from '../../../../words/Links';
import { RouterStatus } from '../../../../words/RouterStatus';
import classes from './Overview.module.css';

/** One line per router that needs somebody, with how many customers are behind it. */
export function TroubleList({ trouble, routers }: { trouble: Trouble[]; routers: Overview['routers'] }) {
  return (
    <Panel title="Routers in trouble" flush>
      {trouble.length === 0 ? (
        <Empty
          icon={<IconCircleCheck size={28} stroke={1.6} />}
          title={routers.total > 0 ? 'All routers answer' : 'No routers yet'}
        />
      ) : (
        <ul className={classes.trouble}>
          {trouble.map((router) => (
            <li key={router.id} className={classes.router}>
              <div className={classes.routerHead}>
                <RouterLink id={router.id} name={router.name} />
                <RouterStatus state={router.state} />
              </div>
              <p className={classes.why}>
                {plural(router.services, 'service')} behind it · for <Lasting at={router.since} />
                {router.reason ? (
                  <>
                    {' '}
                    · <Safe text={router.reason} />
                  </>
                ) : null}
              </p>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

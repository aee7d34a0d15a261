import type { Budget } from './budget.ts';

/** The same budget for writes that need leave at the very moment at which they are sent, however long they waited. */
export function guardWrites(budget: Budget, requireLeave: () => void = () => {}): Budget {
  return {
    ...budget,
    call: (api, context, send) =>
      budget.call(
        api,
        {
          ...context,
          async beforeSending() {
            await context.beforeSending?.();
            requireLeave();
          },
        },
        send,
      ),
  };
}

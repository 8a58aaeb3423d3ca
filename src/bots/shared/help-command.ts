import { Composer } from 'grammy';
import { say } from '../answers.ts';
import type { BotContext } from '../bot-context.ts';
import type { BotDesign } from '../create-bot.ts';

/** `/help`: what the bot can be asked. */
export function helpCommand({ help, commands }: Pick<BotDesign, 'help' | 'commands'>): Composer<BotContext> {
  const feature = new Composer<BotContext>();
  feature.command('help', async (ctx) => {
    const { texts } = ctx.talk;
    const list = commands.map((command) => `/${command}: ${texts.commands[command]}`);
    await say(ctx, [help(texts), '', ...list].join('\n'));
  });
  return feature;
}

import yargs, { type Argv } from 'yargs';
import { didYouMean } from '../core/did-you-mean.ts';
import type { CliContext } from './cli-context.ts';
import type { AnyCommand, CommandGroup } from './command.ts';
import { agentHealth } from './commands/agent-health.ts';
import { agentInstall } from './commands/agent-install.ts';
import { agentPoke } from './commands/agent-poke.ts';
import { agentStart } from './commands/agent-start.ts';
import { agentsLs } from './commands/agents-ls.ts';
import { awsIam } from './commands/aws-iam.ts';
import { backfill } from './commands/backfill.ts';
import { configSchema } from './commands/config-schema.ts';
import { configShow } from './commands/config-show.ts';
import { configValidate } from './commands/config-validate.ts';
import { cost } from './commands/cost.ts';
import { dev } from './commands/dev.ts';
import { diff } from './commands/diff.ts';
import { doctor } from './commands/doctor.ts';
import { explain } from './commands/explain.ts';
import { flowsBuild } from './commands/flows-build.ts';
import { flowsGet } from './commands/flows-get.ts';
import { flowsGraph } from './commands/flows-graph.ts';
import { flowsLs } from './commands/flows-ls.ts';
import { flowsPublish } from './commands/flows-publish.ts';
import { flowsValidate } from './commands/flows-validate.ts';
import { local } from './commands/local.ts';
import { logs } from './commands/logs.ts';
import { notifyTest } from './commands/notify-test.ts';
import { queueDlqLs } from './commands/queue-dlq-ls.ts';
import { queueDlqRedrive } from './commands/queue-dlq-redrive.ts';
import { queuePeek } from './commands/queue-peek.ts';
import { queueStatus } from './commands/queue-status.ts';
import { render } from './commands/render.ts';
import { run } from './commands/run.ts';
import { runsCancel } from './commands/runs-cancel.ts';
import { runsGet } from './commands/runs-get.ts';
import { runsLs } from './commands/runs-ls.ts';
import { runsReports } from './commands/runs-reports.ts';
import { runsSteps } from './commands/runs-steps.ts';
import { schedulesApply } from './commands/schedules-apply.ts';
import { schedulesDiff } from './commands/schedules-diff.ts';
import { schedulesLs } from './commands/schedules-ls.ts';
import { schedulesNext } from './commands/schedules-next.ts';
import { schedulesPause } from './commands/schedules-pause.ts';
import { schedulesPreview } from './commands/schedules-preview.ts';
import { schedulesResume } from './commands/schedules-resume.ts';
import { schedulesTrigger } from './commands/schedules-trigger.ts';
import { setup } from './commands/setup.ts';
import { taskdefPrune } from './commands/taskdef-prune.ts';
import { trace } from './commands/trace.ts';
import { why } from './commands/why.ts';
import { EXIT } from './exit-codes.ts';
import { packageVersion } from './package-version.ts';
import { usageError } from './user-error.ts';

const COMMANDS: readonly AnyCommand[] = [
  dev,
  local,
  setup,
  doctor,
  run,
  backfill,
  logs,
  why,
  trace,
  cost,
  render,
  explain,
  diff,
];
const GROUPS: readonly CommandGroup[] = [
  {
    word: 'runs',
    summary: 'List, show and cancel runs',
    commands: [runsLs, runsGet, runsSteps, runsReports, runsCancel],
  },
  {
    word: 'flows',
    summary: 'Build, publish and show flows',
    commands: [flowsBuild, flowsPublish, flowsLs, flowsGet, flowsGraph, flowsValidate],
  },
  {
    word: 'schedules',
    summary: 'List, preview, apply, pause and trigger schedules',
    commands: [
      schedulesLs,
      schedulesNext,
      schedulesPreview,
      schedulesDiff,
      schedulesApply,
      schedulesPause,
      schedulesResume,
      schedulesTrigger,
    ],
  },
  { word: 'config', summary: 'Check and show the configuration', commands: [configValidate, configShow, configSchema] },
  {
    word: 'agent',
    summary: 'Launch runs from the queue',
    commands: [agentStart, agentInstall, agentHealth, agentPoke],
  },
  { word: 'agents', summary: 'The agents that work on a table', commands: [agentsLs] },
  {
    word: 'queue',
    summary: 'Look at what waits',
    commands: [queueStatus, queuePeek],
    groups: [{ word: 'dlq', summary: 'Look at dead letters', commands: [queueDlqLs, queueDlqRedrive] }],
  },
  { word: 'notify', summary: 'Who is told of the end of runs', commands: [notifyTest] },
  { word: 'taskdef', summary: 'Care for task definitions', commands: [taskdefPrune] },
  { word: 'aws', summary: 'What your AWS account needs', commands: [awsIam] },
];

const EPILOGUE = `Exit codes: 0 ok, 1 bug, 2 usage, 3 configuration, 4 credentials or permission, 5 not found,
6 run FAILED, 7 run CRASHED, 8 run CANCELLED, 9 run EXPIRED, 130 interrupted (the run goes on).`;

const HELP_COLUMNS = 100;

/** Reads the command line, runs its command, and resolves to the exit code. Rejects with what the command threw. */
export async function runProgram(argv: readonly string[], context: CliContext): Promise<number> {
  const state: ProgramState = { exitCode: EXIT.ok, current: undefined };
  let help = '';
  const program = yargs([...argv])
    .scriptName('slipway')
    .usage('slipway launches flow runs on Amazon ECS.\n\nUsage: $0 <command>')
    .locale('en')
    .parserConfiguration({
      'greedy-arrays': false,
      'dot-notation': false,
      'strip-dashed': true,
      'strip-aliased': true,
    })
    .option('verbose', {
      type: 'boolean',
      default: false,
      describe: 'Show the stack of an unexpected error',
      global: true,
    })
    .option('color', {
      type: 'boolean',
      default: true,
      describe: 'Colours on a terminal; --no-color for none',
      global: true,
    })
    .version(packageVersion())
    .alias('help', 'h')
    .wrap(HELP_COLUMNS)
    .epilogue(EPILOGUE)
    .strict()
    .demandCommand(1, '')
    .exitProcess(false)
    .fail((message, error) => {
      // A YError is yargs' own complaint; any other error is the command's.
      throw error && error.name !== 'YError' ? error : usageError(...usageWords(message || error?.message, state));
    });
  for (const command of COMMANDS) addCommand(program, command, '', state, context);
  for (const group of GROUPS) addGroup(program, group, '', state, context);
  await program.parseAsync([...argv], {}, (_error, _args, output) => {
    help = output;
  });
  if (help !== '') context.terminal.data(help);
  return state.exitCode;
}

interface ProgramState {
  exitCode: number;
  current: { readonly command: AnyCommand; readonly words: string } | undefined;
}

function addGroup(program: Argv, group: CommandGroup, prefix: string, state: ProgramState, context: CliContext) {
  const { word, summary, commands, groups = [] } = group;
  program.command(word, summary, (inner) => {
    for (const command of commands) addCommand(inner, command, `${prefix}${word} `, state, context);
    for (const below of groups) addGroup(inner, below, `${prefix}${word} `, state, context);
    return inner.demandCommand(1, '').usage(`${summary}.\n\nUsage: $0 ${prefix}${word} <command>`);
  });
}

function addCommand(program: Argv, command: AnyCommand, prefix: string, state: ProgramState, context: CliContext) {
  program.command(
    command.usage,
    command.summary,
    (builder) => {
      state.current = { command, words: `slipway ${prefix}${command.usage}` };
      const described = Object.entries(command.places).reduce(
        (y, [place, options]) => y.positional(place, options),
        builder.usage(`${command.summary}.\n\nUsage: ${state.current.words} [flags]`).options({ ...command.flags }),
      );
      return command.examples.reduce((y, [line, what]) => y.example(line, what), described);
    },
    async (args) => {
      refuseTwice(args, command);
      state.exitCode = (await command.run(args as never, context)) ?? EXIT.ok;
    },
  );
}

/** A flag that is given twice has two values in yargs; only lists may. */
function refuseTwice(args: Readonly<Record<string, unknown>>, { flags }: AnyCommand): void {
  for (const [name, value] of Object.entries(args)) {
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (flags[flag] && Array.isArray(value) && flags[flag].type !== 'array')
      throw usageError(`--${flag} is given twice: ${value.join(', ')}`);
  }
}

/** What is wrong with the command line, and what was probably meant. */
function usageWords(message = '', { current }: ProgramState): [string, string] {
  const words = current?.words.split(' ').filter((word) => /^[a-z]/.test(word)) ?? [];
  const help = `${words.length > 1 ? words.join(' ') : 'slipway'} --help`;
  const [, unknown] = /^Unknown (?:arguments?|commands?): (.*)$/.exec(message) ?? [];
  if (unknown !== undefined) return [unknownWords(unknown.split(', '), current?.command), help];
  if (message.startsWith('Not enough non-option arguments'))
    return [`this command is written ${current?.words ?? ''}`, help];
  return [message || 'a command is missing', help];
}

function unknownWords(given: readonly string[], command: AnyCommand | undefined): string {
  const flags = ['help', 'version', 'verbose', 'color', ...Object.keys(command?.flags ?? {})];
  const words = [...COMMANDS, ...GROUPS.flatMap(({ commands }) => commands)].map(
    ({ usage }) => usage.split(' ')[0] ?? '',
  );
  const known = command === undefined ? [...words, ...GROUPS.map(({ word }) => word)] : flags;
  const kind = command === undefined ? 'command' : 'flag or argument';
  const texts = [...new Set(given.map((word) => word.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)))];
  return texts
    .map((text) => {
      const near = didYouMean(text, known);
      return `unknown ${kind} "${text}"${near === undefined ? '' : `; did you mean "${command ? '--' : ''}${near}"?`}`;
    })
    .join('\n');
}

import { command } from '../command.ts';
import { CONNECTION_FLAGS } from '../connection-flags.ts';
import { OUTPUT_FLAG } from '../output-flag.ts';

export const doctor = command({
  usage: 'doctor',
  summary: 'Look at everything that runs need, and say what is wrong and what mends it; changes nothing',
  places: {},
  flags: { ...OUTPUT_FLAG, ...CONNECTION_FLAGS },
  examples: [
    ['$0 doctor --config agent.yaml', 'With the credentials of whoever runs it: best as the user of the agent'],
    ['$0 doctor -o json', 'For programs'],
  ],
  run: async (args, context) => {
    const { runDoctor } = await import('../run-doctor.ts');
    return runDoctor(args, context);
  },
});

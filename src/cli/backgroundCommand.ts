/** The command that the background program is started with; not for people. */
export const backgroundCommand = 'supervise';

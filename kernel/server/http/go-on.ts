/** Lets a request go on when what it waits for is done, or with what went wrong: for hooks in callback form. */
export async function goOn(pending: Promise<void>, done: (error?: Error) => void): Promise<void> {
  let fault: Error | undefined
  try {
    await pending
  } catch (error) {
    fault = error as Error
  }
  done(fault)
}

// A thread that sets sheets on paper, says their bytes and ends.
import { parentPort, workerData } from 'node:worker_threads'
import { makePdf } from '../documents/pdf.ts'
import { paperDefinition } from './paper.ts'
import type { PrintWork } from './sheet.ts'

const work = workerData as PrintWork
parentPort!.postMessage(await makePdf(paperDefinition(work), { withSerif: JSON.stringify(work.sheets).includes('"serif"') }))

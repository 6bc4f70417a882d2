import { isUuid, Refusal, type MessagingAnswer, type OwnPush } from '#model'
import { deviceName } from '../../access/device-name.ts'
import { personOf } from '../../context.ts'
import type { Channel } from '../../messages/channels/channel.ts'
import { messagesOf, type MessageQuestion } from '../../messages/messages.ts'
import { listDeliveries, sendAgain, type DeliveryQuestion } from '../../messages/messaging.ts'
import { ownDevices, switchOff, switchOn } from '../../messages/push/devices.ts'
import { senderOf } from '../../messages/push/sender.ts'
import { keepWishes, ownWays } from '../../messages/wishes.ts'
import { changeSettings, messaging, readSet, readSettings } from '../../settings.ts'
import type { Server } from '../server.ts'
import { bodyOf, needId } from './records.ts'

/** What one was told, by which ways, and how the hospital tells it. */
export const messageRoutes =
  (channels: readonly Channel[], publicUrl: string | null) =>
  ({ app, kernel, contextOf }: Server): void => {
    const config = { config: { who: 'signedIn' } } as const
    app.get<{ Querystring: MessageQuestion }>('/api/messages', config, async (request) =>
      messagesOf(await contextOf(request), request.query),
    )
    app.post('/api/messages/read', config, async (request) => {
      const ctx = await contextOf(request)
      const { ids, all } = bodyOf(request)
      const list = Array.isArray(ids) ? ids.filter(isUuid) : null
      if (!list && all !== true) throw new Refusal('badRequest')
      await kernel.db.query(
        `UPDATE kernel.message SET read_at = $2 WHERE person = $1::uuid AND read_at IS NULL AND ($3::uuid[] IS NULL OR id = ANY($3::uuid[]))`,
        [personOf(ctx.actor), kernel.clock.now().toISOString(), all === true ? null : list],
      )
      return { done: true }
    })
    app.get('/api/messages/ways', config, async (request) => ownWays(kernel, await contextOf(request), channels))
    app.put('/api/messages/ways', config, async (request) => keepWishes(kernel, request.session!.account, bodyOf(request)))

    app.get('/api/messages/push', config, async (request): Promise<OwnPush> => {
      const isPushed = channels.some(({ name }) => name === 'push')
      return { key: isPushed ? (await senderOf(kernel)).point : null, devices: await ownDevices(await contextOf(request)) }
    })
    app.post('/api/messages/push', config, async (request) =>
      switchOn(kernel, await contextOf(request), bodyOf(request), deviceName(request.headers['user-agent'] ?? '')),
    )
    app.delete<{ Params: { id: string } }>('/api/messages/push/:id', config, async (request) => {
      await switchOff(kernel, await contextOf(request), needId(request.params.id))
      return { done: true }
    })

    const administer = { config: { who: { right: 'messages.administer' } } } as const
    app.get('/api/messaging', administer, async (): Promise<MessagingAnswer> => ({
      settings: await readSet(kernel.db, messaging),
      installed: channels.map(({ name }) => name),
      hospital: (await readSettings(kernel.db)).hospitalName,
      address: publicUrl,
    })) // prettier-ignore
    app.put('/api/messaging', administer, async (request) => {
      const { settings, seen } = bodyOf(request)
      return changeSettings(kernel, await contextOf(request), messaging, settings, seen)
    })
    app.get<{ Querystring: DeliveryQuestion }>('/api/deliveries', administer, async (request) =>
      listDeliveries(await contextOf(request), request.query),
    )
    app.post<{ Params: { id: string } }>('/api/deliveries/:id/again', administer, async (request) => {
      await sendAgain(kernel, await contextOf(request), needId(request.params.id))
      return { done: true }
    })
  }

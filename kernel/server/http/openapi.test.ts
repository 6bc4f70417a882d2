import { expect, test } from 'vitest'
import { hospital } from '#app/testing/hospital.ts'

test('the interface describes every record type and every route, and says who may call it', async () => {
  await using h = await hospital()
  const session = await h.signIn(await h.person('周敏', { roles: ['medicalOffice'] }))
  const api = (await session.call('GET', '/api/openapi.json')).json<{
    paths: Record<string, Record<string, { description?: string }>>
    components: {
      schemas: Record<string, { required?: string[] }>
      securitySchemes: Record<string, { name?: string; description?: string }>
    }
  }>()
  expect(Object.keys(api.paths)).toEqual(
    expect.arrayContaining([
      '/api/records/staff.registration',
      '/api/records/staff.registration/{id}',
      '/api/privileges/check',
      '/api/approvals/{id}/acts',
    ]),
  )
  expect(api.paths['/api/privileges/check']!['post']!.description).toContain('privileges.check')
  expect(api.components.securitySchemes['signature']).toMatchObject({
    name: 'X-Xinglin-Signature',
    description: expect.stringContaining('x-xinglin-content-hash') as string,
  })
  expect(api.components.schemas['staff.registration.draft']!.required).toEqual(['practitioner', 'certificateNumber', 'institution', 'from'])
  expect(api.paths['/api/records/privileges.grant']).not.toHaveProperty('post')
})

test('a route that does not say who may call it keeps the program from starting', async () => {
  const open = {
    name: 'trial.open',
    routes: ({ app }: { app: { get: (url: string, run: () => object) => void } }) => app.get('/api/open', () => ({})),
  }
  await expect(hospital({ services: [open as never] })).rejects.toThrow('does not say who may call it')
})

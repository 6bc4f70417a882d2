import { formatInstant, type ApprovalAnswer } from '#model'
import { here } from '../api/place.ts'

/** The steps with what each said, signed and dated as on paper; what else was done stands small below. */
export function PrintChain({ chain, copies }: Pick<ApprovalAnswer, 'chain' | 'copies'>) {
  const steps = chain.filter((one) => one.step)
  const others = chain.filter((one) => !one.step && one.word !== '提交' && one.word !== '已阅')
  return (
    <section>
      <h2>审批经过</h2>
      <table className="x-paper-form x-paper-chain">
        <tbody>
          {steps.map((one, at) => (
            <tr key={at}>
              <th scope="row">{one.step}</th>
              <td>
                <p className="x-paper-word">
                  <b>{one.word}</b>
                  {one.said && `　${one.said}`}
                  {one.isVoid && '（已作废）'}
                </p>
                {one.opinion && <p className="x-paper-opinion">{one.opinion}</p>}
                {one.pictures.length > 0 && (
                  <p className="x-paper-pictures">
                    {one.pictures.map((id) => (
                      <img key={id} src={here(`/api/files/${id}`)} alt="意见所附图片" />
                    ))}
                  </p>
                )}
                <p className="x-paper-by">
                  <span>
                    {one.signature ? '签名：' : '办理人：'}
                    {one.signature && (
                      <img className="x-paper-signature" src={here(`/api/files/${one.signature}`)} alt={`${one.name}的签名`} />
                    )}
                    {one.name}
                    {one.actorName && `（${one.actorName} 代）`}
                  </span>
                  <span>{formatInstant(one.at)}</span>
                </p>
              </td>
            </tr>
          ))}
          {others.length > 0 && (
            <tr>
              <th scope="row">其他经过</th>
              <td>
                {others.map((one, at) => (
                  <p key={at}>
                    {formatInstant(one.at)}　{one.name} {one.word}
                    {one.opinion && `：${one.opinion}`}
                  </p>
                ))}
              </td>
            </tr>
          )}
          {copies.length > 0 && (
            <tr>
              <th scope="row">抄送</th>
              <td>{copies.map((copy) => `${copy.person}（${copy.readAt ? `${formatInstant(copy.readAt)} 已阅` : '未阅'}）`).join('、')}</td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  )
}

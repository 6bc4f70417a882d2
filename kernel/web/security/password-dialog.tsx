import { Modal } from 'antd'
import { session } from '../api/session.ts'
import { PasswordForm } from '../sign-in/password-form.tsx'

export function PasswordDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Modal title="修改密码" open={isOpen} onCancel={onClose} footer={null} width={400} destroyOnHidden>
      <PasswordForm
        onDone={(me) => {
          session.set(me)
          onClose()
        }}
      />
    </Modal>
  )
}

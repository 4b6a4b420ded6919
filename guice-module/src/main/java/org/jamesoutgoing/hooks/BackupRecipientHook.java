/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.hooks;

import com.google.inject.Inject;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.protocols.api.ProtocolSession.AttachmentKey;
import org.apache.james.protocols.api.ProtocolSession.State;
import org.apache.james.protocols.smtp.SMTPRetCode;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.core.AbstractAuthRequiredToRelayRcptHook;
import org.apache.james.protocols.smtp.core.RcptCmdHandler;
import org.apache.james.protocols.smtp.hook.Hook;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.HookResultHook;
import org.apache.james.protocols.smtp.hook.HookReturnCode;
import org.apache.james.protocols.smtp.hook.RcptHook;
import org.jamesoutgoing.backup.BackupServer;
import org.jamesoutgoing.james.RunningJames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets mail from anyone in for the domains that James is a backup mail server for, as far as the recipient policy of the
 * backup route allows; everything else keeps James's relay protection.
 *
 * <pre>{@code
 * <handlerchain>
 *   …
 *   <handler class="org.apache.james.smtpserver.fastfail.ValidRcptHandler"/>
 *   <handler class="org.jamesoutgoing.hooks.BackupRecipientHook"/>
 *   <handler class="org.apache.james.smtpserver.CoreCmdHandlerLoader"/>
 * </handlerchain>
 * }</pre>
 *
 * <p>It stands above {@code CoreCmdHandlerLoader}, and below what refuses recipients for less (block lists, limits), so that
 * those are not asked about at the main server.
 *
 * <p>How it lets a recipient in: it does not answer OK, for that would skip all later hooks (DSN parameters, sender
 * verification, limits); it does not make the session one that may relay, for that would hold for other recipients too. It
 * declines, and when James's hook against relaying then refuses this very recipient in this very command, it takes that one
 * refusal back. Without this hook, or with a recipient it knows nothing of, the refusal stands.
 *
 * <p>Blocks while the main server is asked, a few seconds at most, on one of James's executor threads, as James's own hooks
 * do that ask DNS.
 */
public final class BackupRecipientHook implements RcptHook, HookResultHook {

    private static final Logger LOGGER = LoggerFactory.getLogger(BackupRecipientHook.class);

    /** The recipient that passes: of the command being handled, if it is the same object as James's current one. */
    private static final AttachmentKey<MailAddress> TAKEN =
            AttachmentKey.of("BACKUP_RECIPIENT_TAKEN", MailAddress.class);

    private final BackupServer backup;

    @Inject
    public BackupRecipientHook(RunningJames james) {
        this.backup = james.get(BackupServer.class);
    }

    @Override
    public HookResult doRcpt(SMTPSession session, MaybeSender sender, MailAddress recipient) {
        if (session.isRelayingAllowed()) {
            return HookResult.DECLINED;
        }
        return switch (judge(recipient)) {
            case NOT_BACKUP -> HookResult.DECLINED;
            case TAKEN -> {
                session.setAttachment(TAKEN, recipient, State.Transaction);
                yield HookResult.DECLINED;
            }
            case COULD_ROUTE -> answer(
                    HookReturnCode.deny(),
                    SMTPRetCode.MAILBOX_PERM_UNAVAILABLE,
                    "5.7.1 No routing in recipient addresses here");
            case UNKNOWN -> answer(
                    HookReturnCode.deny(), SMTPRetCode.MAILBOX_PERM_UNAVAILABLE, "5.1.1 Unknown user: " + recipient);
            case LATER -> answer(
                    HookReturnCode.denySoft(),
                    SMTPRetCode.LOCAL_ERROR,
                    "4.3.0 Recipients cannot be verified now, try again later");
        };
    }

    private BackupServer.Decision judge(MailAddress recipient) {
        try {
            return backup.judge(recipient);
        } catch (RuntimeException e) {
            LOGGER.error("Unexpected trouble with the recipient {}", recipient, e);
            return BackupServer.Decision.LATER;
        }
    }

    private static HookResult answer(HookReturnCode what, String code, String text) {
        return HookResult.builder()
                .hookReturnCode(what)
                .smtpReturnCode(code)
                .smtpDescription(text)
                .build();
    }

    @Override
    public HookResult onHookResult(SMTPSession session, HookResult result, long executionTime, Hook hook) {
        boolean relayingRefused = hook instanceof AbstractAuthRequiredToRelayRcptHook
                && result.getResult().getAction() == HookReturnCode.Action.DENY;
        return relayingRefused && isTaken(session) ? HookResult.DECLINED : result;
    }

    @SuppressWarnings("ReferenceEquality") // An equal recipient may be one of another command.
    private static boolean isTaken(SMTPSession session) {
        MailAddress taken = session.getAttachment(TAKEN, State.Transaction).orElse(null);
        return taken != null
                && taken
                        == session.getAttachment(RcptCmdHandler.CURRENT_RECIPIENT, State.Transaction)
                                .orElse(null);
    }

    @Override
    public void destroy() {
        backup.close();
    }
}

/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.util.Optional;

/**
 * One mail transaction (RFC 5321 §3.3): {@code MAIL}, {@code RCPT} for a batch of recipients, the message. It reads in the
 * order in which things happen:
 *
 * <ol>
 *   <li>{@link #begin}: may this host have this mail at all, and in which form?
 *   <li>{@link #queueEnvelope}: one command group (RFC 2920), behind the end of the last mail's message if there is one. The
 *       message waits for the replies: a host that has not taken a recipient may not take what follows for a message either,
 *       but for commands.
 *   <li>{@link #onMail}, {@link #onRcpt}, {@link #onData}: the replies.
 *   <li>{@link #envelopeAnswered}: the message, by {@code BDAT} or {@code DATA}.
 *   <li>{@link #onEnd}: the reply that decides.
 * </ol>
 *
 * <p>A recipient is accepted only by a 2xx to its own {@code RCPT} and a 2xx to the end of the message. Confined to the
 * session's event loop.
 */
final class Transaction {

    /** RFC 6152 §3. */
    private static final LocalFailure NOT_CONVERTIBLE = new LocalFailure(
            "5.6.3", "the message is 8-bit, cannot be converted, and the host does not offer 8BITMIME");

    /** RFC 8689 §4.2.1. */
    private static final LocalFailure REQUIRETLS_NOT_OFFERED =
            new LocalFailure("5.7.30", "the sender requires TLS all the way, and the host does not offer REQUIRETLS");

    /** RFC 1870 §6.3. */
    private static final int TOO_LARGE = 552;

    private final Session session;
    private final Connection connection;
    private final HostDelivery delivery;
    private final RecipientBatch batch;
    private final boolean behind;
    private final boolean chunking;
    private final DataFraming data;
    private final BdatFraming bdat;

    private BodySender body;
    private boolean anyReply;
    private boolean mailRefused;
    private Optional<Reply> dataReply = Optional.empty();
    private boolean over;

    /** @param behind whether another transaction is still waiting for its last reply */
    Transaction(Session session, HostDelivery delivery, boolean behind) {
        this.session = session;
        this.connection = session.connection();
        this.delivery = delivery;
        this.batch = new RecipientBatch(delivery, connection.remote(), session.fallback());
        this.behind = behind;
        this.chunking = session.capabilities().chunking();
        this.data = new DataFraming(connection, delivery.timeouts(), session::endQueued, this::onEnd);
        this.bdat = new BdatFraming(
                connection, delivery.timeouts(), session.capabilities().pipelining(), new BdatListener());
    }

    HostDelivery delivery() {
        return delivery;
    }

    boolean usesBdat() {
        return chunking;
    }

    /** Whether its last command is in the pipeline. */
    boolean endQueued() {
        return data.endQueued() || bdat.endQueued();
    }

    // ---- 1: may this host have this mail?

    void begin() {
        if (delivery.envelope().smtpUtf8() && !session.capabilities().smtpUtf8()) {
            unsuitable(needsSmtpUtf8());
        } else if (delivery.envelope().mustHaveTls() && !mayRequireTls()) {
            unsuitable(REQUIRETLS_NOT_OFFERED);
        } else if (delivery.content().eightBit() && !session.capabilities().eightBitMime()) {
            // RFC 6152 §3; this breaks a DKIM signature, which the conversion's owner may tell.
            session.calls()
                    .call(
                            delivery.content()::asSevenBit,
                            converted ->
                                    converted.ifPresentOrElse(this::withContent, () -> unsuitable(NOT_CONVERTIBLE)),
                            this::sourceFailedEarly);
        } else {
            withContent(delivery.content());
        }
    }

    private void withContent(MessageContent content) {
        if (over) {
            return;
        }
        long size = content.size();
        long limit = session.capabilities().maxSize().orElse(Long.MAX_VALUE);
        if (size > limit) {
            // RFC 1870 §6
            unsuitable(new LocalFailure("5.3.4", "the message has about " + size + " octets, the host takes " + limit));
            return;
        }
        ContentStream stream = new ContentStream(content, !chunking, session.calls());
        body = new BodySender(stream, chunking ? bdat : data, this::sourceFailed);
        queueEnvelope(content);
        body.readAhead();
    }

    /** RFC 8689 §4.2.1: what a host offers counts where it has shown who it is. */
    private boolean mayRequireTls() {
        return delivery.settings().tls().mode().verifies()
                && session.capabilities().requireTls();
    }

    /** RFC 6531 §3.5. */
    private LocalFailure needsSmtpUtf8() {
        return delivery.envelope().hasUtf8Address()
                ? new LocalFailure("5.6.7", "an address needs SMTPUTF8, which the host does not offer")
                : new LocalFailure("5.6.9", "the message's header needs SMTPUTF8, which the host does not offer");
    }

    private void unsuitable(LocalFailure failure) {
        batch.unsuitable(failure);
        overUntouched();
    }

    private void sourceFailedEarly(Throwable reason) {
        batch.decideAll(HostOutcome.DEFERRED, TransactionStage.LOCAL, Optional.empty(), unreadable(reason));
        overUntouched();
    }

    private static String unreadable(Throwable reason) {
        return "the message cannot be read: " + PrintableText.of(reason);
    }

    // ---- 2: the envelope

    private void queueEnvelope(MessageContent content) {
        if (over || connection.isLost()) {
            return;
        }
        Timeouts timeouts = delivery.timeouts();
        EnvelopeCommands commands = new EnvelopeCommands(
                delivery.envelope(),
                session.capabilities(),
                delivery.dsnOffered(),
                delivery.envelope().requireTls() && mayRequireTls());
        if (session.mustReset(behind)) {
            connection.queue(Command.line(TransactionStage.MAIL, "RSET", "RSET", timeouts.reset(), this::onReset));
        }
        String mail = commands.mail(content.size(), content.eightBit());
        connection.queue(Command.line(TransactionStage.MAIL, "MAIL", mail, timeouts.mail(), this::onMail));
        for (int i : batch.recipients()) {
            String rcpt = commands.rcpt(delivery.envelope().recipients().get(i));
            connection.queue(
                    Command.line(TransactionStage.RCPT, "RCPT", rcpt, timeouts.rcpt(), reply -> onRcpt(i, reply))
                            .onlyIf(() -> !mailRefused));
        }
        if (!chunking) {
            // It may go in the same group, for the message is sent only after its 354. BDAT carries the message itself.
            connection.queue(
                    Command.line(TransactionStage.DATA, "DATA", "DATA", timeouts.dataInitiation(), this::onData)
                            .endingGroup()
                            .onlyIf(() -> !mailRefused && batch.mayHaveAccepted()));
        }
        connection.queue(new Connection.Then(this::envelopeAnswered));
        connection.flush();
    }

    // ---- 3: the replies

    private void onReset(Reply reply) {
        if (!reply.positive() && !reply.serviceClosing()) {
            connection.fail(ConnectionFailure.of(TransactionStage.MAIL, "RSET refused", reply));
        }
    }

    private void onMail(Reply reply) {
        if (answers(reply, reply.positive()) && !reply.positive()) {
            mailRefused = true;
            batch.refuseAll(reply, TransactionStage.MAIL);
        }
    }

    private void onRcpt(int recipient, Reply reply) {
        if (answers(reply, reply.positive())) {
            batch.answered();
            if (!mailRefused) {
                batch.onRcpt(recipient, reply);
            }
        }
    }

    private void onData(Reply reply) {
        if (answers(reply, reply.intermediate())) {
            dataReply = Optional.of(reply);
        }
    }

    /**
     * Whether a reply says what becomes of a command. 421 does not: the connection ends, and {@link #lost} decides. Nor does
     * one that is neither a refusal nor the success this command has: it ends the connection, too.
     */
    private boolean answers(Reply reply, boolean success) {
        if (reply.serviceClosing()) {
            return false;
        }
        anyReply = true;
        boolean answers = success || reply.transientFailure() || reply.permanentFailure();
        if (!answers) {
            connection.fail(
                    ConnectionFailure.of(connection.stage(), "a reply that does not answer the command", reply));
        }
        return answers;
    }

    // ---- 4: the message

    private void envelopeAnswered() {
        if (!chunking && dataReply.isEmpty()) {
            over(false);
        } else if (!chunking && !dataReply.get().intermediate()) {
            batch.refuseAccepted(dataReply.get(), TransactionStage.DATA);
            over(false);
        } else if (batch.hasAccepted()) {
            connection.enter(TransactionStage.BODY);
            body.start();
        } else if (chunking) {
            over(false);
        } else {
            // RFC 2920 §3.1: the host waits for a message although nobody is left to get it.
            data.queueEnd();
            connection.flush();
        }
    }

    /** What becomes of a message in chunks. */
    private final class BdatListener implements BdatFraming.Listener {

        @Override
        public void endQueued() {
            session.endQueued();
        }

        @Override
        public void chunkTaken() {
            anyReply = true;
            body.pump();
        }

        @Override
        public void refused(Reply reply) {
            // At once: the host may close without an answer to the chunks that are on their way.
            if (answers(reply, false)) {
                batch.refuseAccepted(reply, TransactionStage.BODY);
                body.stop();
            }
        }

        @Override
        public void refusedAndAnswered(Reply reply) {
            // Else lost() ends it.
            if (!connection.isLost()) {
                // RFC 3030 §2: RSET is next; it goes ahead of the next transaction.
                over(false);
                closeAfterTooLargeByBdat(reply);
            }
        }

        @Override
        public void ended(Reply reply) {
            onEnd(reply);
        }
    }

    private void sourceFailed(Throwable reason) {
        // Closing is the only way out of a message begun that cannot be mistaken for its end.
        connection.fail(ConnectionFailure.of(TransactionStage.LOCAL, unreadable(reason)));
    }

    /** The host takes more. */
    void writable() {
        if (body != null && !over) {
            body.pump();
        }
    }

    // ---- 5: the end

    private void onEnd(Reply reply) {
        if (!answers(reply, reply.positive())) {
            return;
        }
        if (reply.positive()) {
            batch.deliver(reply);
        } else {
            batch.refuseAccepted(reply, TransactionStage.END_OF_DATA);
        }
        over(!chunking || reply.positive());
        closeAfterTooLargeByBdat(reply);
    }

    /**
     * Exim (seen with 4.96) takes the mails that follow on such a connection, RSET or not, and keeps nothing but their
     * headers. What went along behind this one is sent again.
     */
    private void closeAfterTooLargeByBdat(Reply reply) {
        if (chunking && reply.code() == TOO_LARGE) {
            connection.fail(ConnectionFailure.of(
                    TransactionStage.END_OF_DATA, "closed after a message in chunks that was too large", reply));
        }
    }

    /** @param clean whether the host is ready for another MAIL without RSET */
    private void over(boolean clean) {
        if (!over) {
            finish();
            session.over(this, clean);
        }
    }

    /** Nothing was sent. */
    private void overUntouched() {
        if (!over) {
            finish();
            session.overUntouched(this);
        }
    }

    private void finish() {
        over = true;
        if (body != null) {
            body.stop();
        }
    }

    /** Whether the host has said nothing about this mail, nor was the trouble ours. */
    boolean untouched(ConnectionFailure failure) {
        return !anyReply && failure.stage() != TransactionStage.LOCAL;
    }

    /** Stops; nothing is decided about the recipients. */
    void abandon() {
        finish();
        batch.unclaim();
    }

    /** The connection is gone, and with it everything this transaction was waiting for. */
    void lost(ConnectionFailure failure) {
        finish();
        boolean inMessage = body != null && body.started();
        batch.lost(failure, inMessage, endQueued());
    }
}

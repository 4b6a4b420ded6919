/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One question on a connection of its own: {@code MAIL FROM:<>}, {@code RCPT}, {@code RSET}, {@code QUIT}; never {@code DATA}.
 * Confined to the connection's event loop.
 */
final class RecipientQuestion implements Connection.Owner {

    /** RFC 5321 §4.5.3.1.10: too many recipients; some hosts count those of earlier connections. */
    private static final int TOO_MANY = 552;

    private final String recipient;
    private final Timeouts timeouts;
    private final Optional<PlaintextFallback> fallback;
    private final CompletableFuture<RecipientAnswer> answer;
    private boolean mailTaken;

    /**
     * @param fallback why the connection is in plaintext although TLS was offered and wanted
     * @param answer completed once; more answers change nothing
     */
    RecipientQuestion(
            String recipient,
            Timeouts timeouts,
            Optional<PlaintextFallback> fallback,
            CompletableFuture<RecipientAnswer> answer) {
        this.recipient = recipient;
        this.timeouts = timeouts;
        this.fallback = fallback;
        this.answer = answer;
    }

    void ask(Connection connection) {
        connection.owner(this);
        connection.queue(Command.line(TransactionStage.MAIL, "MAIL", "MAIL FROM:<>", timeouts.mail(), this::onMail));
        connection.queue(Command.line(
                        TransactionStage.RCPT, "RCPT", "RCPT TO:<" + recipient + ">", timeouts.rcpt(), this::onRcpt)
                .onlyIf(() -> !answer.isDone()));
        connection.queue(Command.line(TransactionStage.RCPT, "RSET", "RSET", timeouts.reset(), reply -> {}));
        connection.queue(Command.line(
                        TransactionStage.LOCAL,
                        "QUIT",
                        "QUIT",
                        timeouts.quit(),
                        reply -> connection.fail(ConnectionFailure.of(TransactionStage.LOCAL, "QUIT")))
                .endingGroup());
        connection.flush();
    }

    private void onMail(Reply reply) {
        mailTaken = reply.positive();
        if (!mailTaken) {
            answer.complete(new RecipientAnswer.Undecided("MAIL FROM:<>: " + reply));
        }
    }

    private void onRcpt(Reply reply) {
        if (mailTaken && reply.positive()) {
            answer.complete(new RecipientAnswer.Taken());
        } else if (mailTaken && reply.permanentFailure() && reply.code() != TOO_MANY && !answersPlaintext(reply)) {
            answer.complete(new RecipientAnswer.Refused(reply));
        } else {
            answer.complete(new RecipientAnswer.Undecided(reply.toString()));
        }
    }

    private boolean answersPlaintext(Reply reply) {
        return fallback.filter(plaintext -> plaintext.mayBeMeantBy(reply)).isPresent();
    }

    @Override
    public void lost(ConnectionFailure failure) {
        answer.complete(new RecipientAnswer.Unreachable(failure.detail()));
    }
}

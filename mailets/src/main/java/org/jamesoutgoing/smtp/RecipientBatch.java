/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The recipients of one transaction, and what the host has said about them so far. */
final class RecipientBatch {

    private final HostDelivery delivery;
    private final List<Integer> recipients;
    private final List<Integer> accepted = new ArrayList<>();
    private final Optional<InetSocketAddress> remote;
    private final Optional<PlaintextFallback> fallback;
    private int answered;

    /** @param fallback why the connection is in plaintext although TLS was offered and wanted */
    RecipientBatch(HostDelivery delivery, InetSocketAddress remote, Optional<PlaintextFallback> fallback) {
        this.delivery = delivery;
        this.recipients = delivery.claim(delivery.settings().maxRecipientsPerTransaction());
        this.remote = Optional.of(remote);
        this.fallback = fallback;
    }

    /** Their indices in the envelope. */
    List<Integer> recipients() {
        return recipients;
    }

    /** Whether the host has taken one, but may not have the message yet. */
    boolean hasAccepted() {
        return !accepted.isEmpty();
    }

    /** Whether the host has taken one, or may still do. */
    boolean mayHaveAccepted() {
        return hasAccepted() || answered < recipients.size();
    }

    /** RCPT of the next one has its answer: a connection lost before that is lost at the recipient. */
    void answered() {
        answered++;
    }

    /** What RCPT said about one. */
    void onRcpt(int recipient, Reply reply) {
        if (reply.positive()) {
            accepted.add(recipient);
        } else if (tooMany(reply)) {
            delivery.unclaim(recipient);
        } else {
            refuse(recipient, reply, TransactionStage.RCPT);
        }
    }

    /**
     * RFC 5321 §4.5.3.1.10: 452, and 552 from hosts of the time of RFC 821, say that a transaction takes no more recipients;
     * the rest goes into a new one at once. That can only be meant when this transaction has some already. For its first, 452
     * is a storage shortage and defers, 552 a full mailbox and fails.
     */
    private boolean tooMany(Reply reply) {
        return (reply.code() == 452 || reply.code() == 552) && hasAccepted();
    }

    private void refuse(int recipient, Reply reply, TransactionStage stage) {
        boolean permanent = reply.permanentFailure();
        Optional<PlaintextFallback> answered =
                fallback.filter(plaintext -> !permanent || plaintext.mayBeMeantBy(reply));
        if (answered.isPresent()) {
            String both = answered.get().with(reply.toString());
            delivery.decide(recipient, HostOutcome.DEFERRED, stage, reply, PlaintextFallback.STATUS, both, remote);
        } else {
            HostOutcome outcome = permanent ? HostOutcome.FAILED : HostOutcome.DEFERRED;
            decide(recipient, outcome, stage, Optional.of(reply), reply.toString());
        }
    }

    /** The host refuses the mail as a whole. */
    void refuseAll(Reply reply, TransactionStage stage) {
        recipients.forEach(i -> refuse(i, reply, stage));
    }

    /** The host refuses the message; the recipients it has refused before keep their outcome. */
    void refuseAccepted(Reply reply, TransactionStage stage) {
        accepted.forEach(i -> refuse(i, reply, stage));
    }

    /** The host has the message. */
    void deliver(Reply reply) {
        accepted.forEach(i ->
                decide(i, HostOutcome.ACCEPTED, TransactionStage.END_OF_DATA, Optional.of(reply), reply.toString()));
    }

    void decideAll(HostOutcome outcome, TransactionStage stage, Optional<Reply> reply, String detail) {
        recipients.forEach(i -> decide(i, outcome, stage, reply, detail));
    }

    /** The host cannot have the mail, and need not be asked; with TLS it may offer more. */
    void unsuitable(LocalFailure failure) {
        HostOutcome outcome = fallback.isPresent() ? HostOutcome.DEFERRED : HostOutcome.UNSUITABLE;
        LocalFailure told = fallback.map(
                        plaintext -> new LocalFailure(PlaintextFallback.STATUS, plaintext.with(failure.text())))
                .orElse(failure);
        recipients.forEach(i -> delivery.decide(i, outcome, TransactionStage.MAIL, told, remote));
    }

    /** Nothing has come of this transaction: those that are undecided may go into another. */
    void unclaim() {
        recipients.forEach(delivery::unclaim);
    }

    /**
     * The connection is lost; the whole mail is deferred as far as it is undecided.
     *
     * @param inMessage whether the message has been begun
     * @param ended whether all of it has been sent
     */
    void lost(ConnectionFailure failure, boolean inMessage, boolean ended) {
        Optional<Reply> refusal = failure.reply().filter(r -> r.transientFailure() || r.permanentFailure());
        if (ended && refusal.isEmpty()) {
            // RFC 5321 §4.5.3.2.6, §6.1: it may have been taken; a duplicate is better than a loss.
            String detail = "lost after the end of the message, so the outcome is unknown: " + failure.detail();
            accepted.forEach(i -> decide(i, HostOutcome.DEFERRED, TransactionStage.END_OF_DATA, refusal, detail));
        } else if (inMessage && refusal.filter(r -> !r.serviceClosing()).isPresent()) {
            // The host refused in the middle of the message instead of reading all of it.
            refuseAccepted(refusal.get(), TransactionStage.BODY);
        }
        ConnectionFailure lost = new ConnectionFailure(failure.stage(), failure.detail(), refusal);
        ConnectionFailure told = fallback.map(plaintext -> plaintext.with(lost)).orElse(lost);
        if (failure.stage() == TransactionStage.RCPT && answered < recipients.size()) {
            decide(recipients.get(answered), HostOutcome.DEFERRED, TransactionStage.RCPT, told.reply(), told.detail());
            delivery.defer(endedByAnother(told), remote);
        } else {
            delivery.defer(told, remote);
        }
    }

    /** What was said of one recipient is not said of the others. They came as far as MAIL together. */
    private static ConnectionFailure endedByAnother(ConnectionFailure failure) {
        return ConnectionFailure.of(
                TransactionStage.MAIL, "the connection ended at another recipient: " + failure.detail());
    }

    private void decide(
            int recipient, HostOutcome outcome, TransactionStage stage, Optional<Reply> reply, String detail) {
        delivery.decide(recipient, outcome, stage, reply, detail, remote);
    }
}

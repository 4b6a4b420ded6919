/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.util.Optional;
import java.util.function.Predicate;
import org.apache.james.core.MailAddress;
import org.jamesoutgoing.smtp.RecipientResult;
import org.jamesoutgoing.smtp.Reply;
import org.jamesoutgoing.smtp.SmtpHost;
import org.jamesoutgoing.smtp.TransactionStage;

/** From what a host said about a recipient to the recipient's outcome. */
final class Outcomes {

    private Outcomes() {}

    static Outcome of(MailAddress recipient, SmtpHost host, RecipientResult result) {
        Outcome.Verdict verdict =
                switch (result.verdict()) {
                    case ACCEPTED -> Outcome.Verdict.ACCEPTED;
                    case DEFERRED -> Outcome.Verdict.DEFERRED;
                    case FAILED, UNSUITABLE -> Outcome.Verdict.FAILED;
                };
        String name = hostName(host, result);
        boolean connected = isConnected(result);
        return new Outcome(
                recipient,
                verdict,
                status(verdict, result),
                result.reply().map(reply -> reply.code() + " " + String.join(" ", reply.lines())),
                result.reply().map(Reply::code),
                Optional.of(name),
                connected ? Optional.of(name) : Optional.empty(),
                Optional.of(result.stage()),
                connected || result.stage() == TransactionStage.LOCAL
                        ? result.detail()
                        : name + ": " + result.detail());
    }

    /** Whether the host was there: a reply came, or the trouble was in a connection to it. */
    private static boolean isConnected(RecipientResult result) {
        return result.reply().isPresent()
                || (result.remote().isPresent() && result.stage().compareTo(TransactionStage.CONNECT) > 0);
    }

    private static String hostName(SmtpHost host, RecipientResult result) {
        return result.remote()
                .map(remote -> host.name() + "[" + remote.getAddress().getHostAddress() + "]")
                .orElse(host.name());
    }

    /** RFC 3463: the code of whoever decided if its class fits the verdict, else the closest one of ours. */
    private static String status(Outcome.Verdict verdict, RecipientResult result) {
        char statusClass =
                switch (verdict) {
                    case ACCEPTED -> '2';
                    case DEFERRED -> '4';
                    case FAILED -> '5';
                };
        Predicate<String> fits = code -> !code.isEmpty() && code.charAt(0) == statusClass;
        Optional<String> said = result.reply().flatMap(Reply::enhancedCode).filter(fits);
        return said.or(() -> result.status().filter(fits)).orElseGet(() -> statusClass + detail(result));
    }

    private static String detail(RecipientResult result) {
        if (result.reply().isPresent()) {
            return ".0.0";
        }
        return switch (result.stage()) {
            case CONNECT -> ".4.1";
            case TLS -> ".7.5";
            case AUTH -> ".7.8";
            case LOCAL -> ".3.0";
            default -> ".4.2";
        };
    }
}

/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.util.Optional;
import org.apache.james.core.MailAddress;
import org.jamesoutgoing.smtp.RecipientResult;
import org.jamesoutgoing.smtp.Reply;
import org.jamesoutgoing.smtp.SmtpHost;

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
        return new Outcome(
                recipient,
                verdict,
                status(verdict, result),
                result.reply().map(reply -> reply.code() + " " + String.join(" ", reply.lines())),
                result.reply().map(Reply::code),
                Optional.of(hostName(host, result)),
                result.detail());
    }

    private static String hostName(SmtpHost host, RecipientResult result) {
        return result.remote()
                .map(remote -> host.name() + "[" + remote.getAddress().getHostAddress() + "]")
                .orElse(host.name());
    }

    /** RFC 3463: the server's own code if its class fits the verdict, else the closest one of ours. */
    private static String status(Outcome.Verdict verdict, RecipientResult result) {
        char statusClass =
                switch (verdict) {
                    case ACCEPTED -> '2';
                    case DEFERRED -> '4';
                    case FAILED -> '5';
                };
        Optional<String> own = result.reply()
                .flatMap(Reply::enhancedCode)
                .filter(code -> !code.isEmpty() && code.charAt(0) == statusClass);
        return own.orElseGet(() -> statusClass + detail(result));
    }

    private static String detail(RecipientResult result) {
        if (result.verdict() == org.jamesoutgoing.smtp.Verdict.UNSUITABLE) {
            return ".3.4";
        }
        if (result.reply().isPresent()) {
            return ".0.0";
        }
        return switch (result.stage()) {
            case CONNECT -> ".4.1";
            case TLS -> ".7.5";
            case AUTH -> ".7.8";
            case LOCAL -> ".1.3";
            default -> ".4.2";
        };
    }
}

/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import java.util.Optional;
import java.util.Set;
import org.apache.james.core.MailAddress;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.DsnParameters.EnvId;
import org.apache.mailet.DsnParameters.Notify;
import org.apache.mailet.DsnParameters.RecipientDsnParameters;
import org.apache.mailet.DsnParameters.Ret;
import org.apache.mailet.Mail;

/**
 * What the sender asked for with the DSN parameters of SMTP (RFC 3461 §4).
 *
 * @param requireTls whether what is said about the mail needs the same protection (RFC 8689 §5)
 */
record RequestedDsn(Optional<DsnParameters> parameters, boolean requireTls) {
    /** James parses the attributes anew at each call, and throws when one is damaged; then nothing was asked for. */
    static RequestedDsn by(Mail mail) {
        try {
            return new RequestedDsn(mail.dsnParameters(), RequireTls.isAskedFor(mail));
        } catch (RuntimeException damaged) {
            return new RequestedDsn(Optional.empty(), RequireTls.isAskedFor(mail));
        }
    }

    /** Empty when the sender did not say. */
    Set<Notify> notifyOf(MailAddress recipient) {
        return of(recipient)
                .flatMap(RecipientDsnParameters::getNotifyParameter)
                .<Set<Notify>>map(Set::copyOf)
                .orElse(Set.of());
    }

    /** ORCPT decoded, or as it came when it is no xtext of a US-ASCII address: still what the sender wrote. */
    Optional<String> originalRecipientOf(MailAddress recipient) {
        return of(recipient)
                .flatMap(RecipientDsnParameters::getOrcptParameter)
                .map(MailAddress::asString)
                .map(xtext -> Xtext.decode(xtext).orElse(xtext));
    }

    /** ENVID, treated alike. */
    Optional<String> envelopeId() {
        return parameters
                .flatMap(DsnParameters::getEnvIdParameter)
                .map(EnvId::asString)
                .map(xtext -> Xtext.decode(xtext).orElse(xtext));
    }

    Optional<Ret> ret() {
        // RFC 8689 §5
        return requireTls ? Optional.of(Ret.HDRS) : parameters.flatMap(DsnParameters::getRetParameter);
    }

    private Optional<RecipientDsnParameters> of(MailAddress recipient) {
        return parameters.map(all -> all.getRcptParameters().get(recipient));
    }
}

/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.james.core.MailAddress;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.DsnParameters.RecipientDsnParameters;
import org.apache.mailet.Mail;
import org.jamesoutgoing.dsn.RequireTls;
import org.jamesoutgoing.queue.MailPriorities;
import org.jamesoutgoing.routing.AddressLiterals;
import org.jamesoutgoing.smtp.Envelope;
import org.jamesoutgoing.smtp.Envelope.Notify;
import org.jamesoutgoing.smtp.Envelope.Ret;

/** The SMTP envelope of a James mail, with what its sender asked for: DSNs (RFC 3461), TLS (RFC 8689), a priority (RFC 6710). */
final class Envelopes {

    private Envelopes() {}

    static Envelope of(Mail mail, List<MailAddress> recipients, MailPriorities priorities) {
        Optional<DsnParameters> dsn = mail.dsnParameters();
        Map<MailAddress, RecipientDsnParameters> asked = dsn.<Map<MailAddress, RecipientDsnParameters>>map(
                        DsnParameters::getRcptParameters)
                .orElse(Map.of());
        String sender = mail.getMaybeSender()
                .asOptional()
                .map(AddressLiterals::onTheWire)
                .orElse("");
        return new Envelope(
                sender,
                recipients.stream()
                        .map(recipient -> recipient(recipient, Optional.ofNullable(asked.get(recipient))))
                        .toList(),
                Envelope.needsSmtpUtf8(sender) || recipients.stream().anyMatch(Envelopes::needsSmtpUtf8),
                // James keeps ENVID and ORCPT as they came over the wire: xtext already.
                dsn.flatMap(DsnParameters::getEnvIdParameter).map(DsnParameters.EnvId::asString),
                dsn.flatMap(DsnParameters::getRetParameter).map(ret -> Ret.valueOf(ret.name())),
                RequireTls.isAskedFor(mail),
                priorities.mtPriorityOf(mail));
    }

    /**
     * RFC 6531 §3.3. James takes letters beyond ASCII in quoted local parts only, and domains in A-labels, which need
     * nothing.
     */
    static boolean needsSmtpUtf8(MailAddress address) {
        return Envelope.needsSmtpUtf8(address.asString());
    }

    private static Envelope.Recipient recipient(MailAddress recipient, Optional<RecipientDsnParameters> dsn) {
        Set<Notify> notify = EnumSet.noneOf(Notify.class);
        dsn.flatMap(RecipientDsnParameters::getNotifyParameter)
                .ifPresent(all -> all.forEach(one -> notify.add(Notify.valueOf(one.name()))));
        Optional<String> orcpt =
                dsn.flatMap(RecipientDsnParameters::getOrcptParameter).map(original -> "rfc822;" + original.asString());
        return new Envelope.Recipient(AddressLiterals.onTheWire(recipient), notify, orcpt);
    }
}

/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.mailets;

import com.github.fge.lambdas.Throwing;
import com.google.inject.Inject;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;
import org.jamesoutgoing.dsn.template.Wording;
import org.jamesoutgoing.james.RunningJames;
import org.jamesoutgoing.service.OutgoingServices;
import org.jamesoutgoing.service.StatusNotifications;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the sender of a mail what became of it, by a DSN (RFC 3464) in the same words as those of {@link OutgoingDelivery}.
 * It understands all of DSNBounce's parameters, so that migration is this one class name.
 *
 * <pre>{@code
 * <mailet match="All" class="org.jamesoutgoing.mailets.DeliveryStatusNotification">
 *   <!-- In a bounceProcessor: a failure message, and the mail is done with. Nothing else is needed. -->
 *   <passThrough>false</passThrough>
 * </mailet>
 *
 * <mailet match="DSNSuccessRequested" class="org.jamesoutgoing.mailets.DeliveryStatusNotification">
 *   <action>delivered</action>
 *   <defaultStatus>2.0.0</defaultStatus>
 *   <sender>Mail service <![CDATA[<mail-service@example.org>]]></sender>
 *   <prefix>[SUCCESS]</prefix>
 *   <messageString>The mail server [machine] delivered your message. That does not mean that it was read.</messageString>
 *   <attachment>none</attachment>
 * </mailet>
 * }</pre>
 *
 * <p>Whom NOTIFY (RFC 3461) asks not to be told, and mail from {@code <>}, is passed over in silence, whatever the matcher
 * says. {@code conf/README.md} lists every parameter. A parameter that is unknown or wrong stops James's start with
 * one line that says which, and what is allowed.
 */
public class DeliveryStatusNotification extends GenericMailet {

    private static final Logger LOGGER = LoggerFactory.getLogger(DeliveryStatusNotification.class);

    private final Supplier<Wording> wording;
    private final DomainList domainList;
    private final Clock clock;
    private NotificationReader read;
    private StatusNotifications notifications;

    @Inject
    public DeliveryStatusNotification(RunningJames james) {
        this(james.get(OutgoingServices.class)::wording, james.get(DomainList.class), james.get(Clock.class));
    }

    DeliveryStatusNotification(Supplier<Wording> wording, DomainList domainList, Clock clock) {
        this.wording = wording;
        this.domainList = domainList;
        this.clock = clock;
    }

    @Override
    public void init() {
        try {
            read = NotificationReader.read(getMailetConfig(), DefaultHeloName.of(domainList));
        } catch (IllegalArgumentException e) {
            LOGGER.error("DeliveryStatusNotification: {}", e.getMessage());
            throw new IllegalArgumentException("DeliveryStatusNotification: " + e.getMessage());
        }
        notifications =
                new StatusNotifications(read.settings(), wording.get(), getMailetContext()::getPostmaster, clock);
    }

    /** Throws when James's spool does not take the DSN; then the mail is James's to treat, as after any mailet's failure. */
    @Override
    public void service(Mail mail) {
        Throwing.runnable(() -> tellSender(mail)).sneakyThrow().run();
        if (!read.passThrough()) {
            mail.setState(Mail.GHOST);
        }
    }

    private void tellSender(Mail mail) throws Exception {
        Optional<Mail> dsn = notifications.about(mail);
        if (dsn.isPresent()) {
            send(dsn.get(), mail);
        } else {
            LOGGER.debug(
                    "mail={} dsn={} not wanted", mail.getName(), read.settings().kind());
        }
    }

    private void send(Mail dsn, Mail about) throws Exception {
        try {
            getMailetContext().sendMail(dsn);
            LOGGER.info("mail={} dsn={} to={}", about.getName(), read.settings().kind(), dsn.getRecipients());
        } finally {
            LifecycleUtil.dispose(dsn);
        }
    }

    @Override
    public String getMailetInfo() {
        return "James Outgoing: delivery status notifications";
    }
}

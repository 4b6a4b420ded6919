/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.mailets;

import com.github.fge.lambdas.Throwing;
import com.google.inject.Inject;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.james.domainlist.api.DomainList;
import org.apache.mailet.Mail;
import org.apache.mailet.ProcessingState;
import org.apache.mailet.base.GenericMailet;
import org.jamesoutgoing.james.RunningJames;
import org.jamesoutgoing.queue.Admission;
import org.jamesoutgoing.service.OutgoingMailService;
import org.jamesoutgoing.service.OutgoingServices;
import org.jamesoutgoing.service.ServiceSettings;
import org.jamesoutgoing.store.UnusableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers mail to other servers: James's RemoteDelivery, as a complete outgoing-mail service. It understands all of
 * RemoteDelivery's parameters, so that migration is this one class name.
 *
 * <pre>{@code
 * <mailet match="All" class="org.jamesoutgoing.mailets.OutgoingDelivery">
 *   <!-- Deliver to the domains' mail exchangers; 5 days, first again after a minute. Nothing else is needed. -->
 * </mailet>
 *
 * <mailet match="All" class="org.jamesoutgoing.mailets.OutgoingDelivery">
 *   <relayHosts>smtp1.example.net:587, smtp2.example.net:587</relayHosts>
 *   <loadBalancing>false</loadBalancing>
 *   <gatewayUsername>james</gatewayUsername>
 *   <gatewayPassword>file:/etc/james/relay-password</gatewayPassword>
 *   <tls>verify</tls>
 *   <resendDelays>1m, 5m, 30m, 2h</resendDelays>
 *   <queueLifetime>3d</queueLifetime>
 * </mailet>
 * }</pre>
 *
 * <p>{@code conf/README.md} lists every parameter with its default. A parameter that is unknown or wrong stops
 * James's start with one line that says which, and what is allowed.
 */
public class OutgoingDelivery extends GenericMailet {

    private static final Logger LOGGER = LoggerFactory.getLogger(OutgoingDelivery.class);

    private final OutgoingServices services;
    private final DomainList domainList;
    private OutgoingMailService service;

    @Inject
    public OutgoingDelivery(RunningJames james) {
        this(james.get(OutgoingServices.class), james.get(DomainList.class));
    }

    public OutgoingDelivery(OutgoingServices services, DomainList domainList) {
        this.services = services;
        this.domainList = domainList;
    }

    @Override
    public void init() {
        try {
            ServiceSettings settings = SettingsReader.read(getMailetConfig(), DefaultHeloName.of(domainList));
            service = Throwing.supplier(() -> services.obtain(settings, getMailetContext()))
                    .sneakyThrow()
                    .get();
        } catch (IllegalArgumentException | UnusableException e) {
            LOGGER.error("OutgoingDelivery: {}", e.getMessage());
            throw new IllegalArgumentException("OutgoingDelivery: " + e.getMessage());
        }
    }

    /** Takes the mail; the processor is done with it. Does not throw because the queue or a disk is in trouble. */
    @Override
    public void service(Mail mail) {
        Throwing.runnable(() -> service.admit(mail)).sneakyThrow().run();
        mail.setState(Mail.GHOST);
    }

    @Override
    public void destroy() {
        if (service != null) {
            services.release(service);
        }
    }

    @Override
    public Collection<ProcessingState> requiredProcessingState() {
        ServiceSettings settings = service.settings();
        Optional<String> whenFull = settings.whenFull() instanceof Admission.WhenFull.HandOver elsewhere
                ? Optional.of(elsewhere.processor())
                : Optional.empty();
        return Stream.of(settings.bounceProcessor(), settings.onSuccess(), whenFull)
                .flatMap(Optional::stream)
                .map(ProcessingState::new)
                .toList();
    }

    @Override
    public String getMailetInfo() {
        return "James Outgoing: delivery to other servers";
    }
}

/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jamesoutgoing.delivery.Shares;
import org.jamesoutgoing.dns.OwnNames;
import org.jamesoutgoing.notify.DsnLimit;
import org.jamesoutgoing.queue.Admission;
import org.jamesoutgoing.routing.OptionValues;

/**
 * The settings of one outgoing-mail service. Immutable.
 *
 * @param queueName of James's mail queue
 * @param adoptQueue another of James's mail queues whose mail is taken over
 * @param waitingRepository URL of the mail repository that is the waiting room; empty: protocol {@code durable} where
 *     {@code mailrepositorystore.xml} has one, else its default protocol, path {@code var/mail/<queue name>-waiting}
 * @param defaultRoute the options of the default route that the mailet's parameters give
 * @param defaultHeloName for where nobody gives a HELO name
 * @param ownNames what this server is called by others, so that it does not send mail to itself
 * @param bounceProcessor gets mail that cannot be delivered, instead of a DSN to its sender
 * @param onSuccess gets mail that was delivered
 * @param dsnLimit how many DSNs a sender may get; empty: no limit
 * @param deadLetterRepository URL of the mail repository for mail that can neither be delivered nor answered; empty:
 *     protocol of the waiting room, path {@code var/mail/<queue name>-dead-letters}; {@code none}: it is dropped
 * @param webadminFiles below which folder the files are that a route made at run time may name; empty: {@code
 *     outgoing-secrets} beside James's configuration
 * @param webadminVariables which environment variables such a route may name
 * @param usePriority see {@link org.jamesoutgoing.queue.MailPriorities}
 * @param stopGrace how long mail under way may take to come to its end when James stops
 * @param given the parameters as they were written: two mailets with one queue must have written the same
 */
public record ServiceSettings(
        String queueName,
        Optional<String> adoptQueue,
        Optional<String> waitingRepository,
        OptionValues defaultRoute,
        String defaultHeloName,
        OwnNames ownNames,
        Shares limits,
        Controls controls,
        Admission.WhenFull whenFull,
        Optional<String> bounceProcessor,
        Optional<String> onSuccess,
        Optional<DsnLimit> dsnLimit,
        Optional<String> deadLetterRepository,
        Optional<Path> webadminFiles,
        Set<String> webadminVariables,
        boolean usePriority,
        Duration stopGrace,
        Map<String, String> given) {

    /** Without the parameters as they were written: a password may be among them. */
    @Override
    public String toString() {
        return "ServiceSettings[queueName=" + queueName + ", defaultRoute=" + defaultRoute + "]";
    }
}

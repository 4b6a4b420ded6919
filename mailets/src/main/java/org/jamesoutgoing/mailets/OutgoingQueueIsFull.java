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
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMatcher;
import org.jamesoutgoing.james.RunningJames;
import org.jamesoutgoing.queue.QueueLimits;
import org.jamesoutgoing.queue.QueueUsage;
import org.jamesoutgoing.service.OutgoingServices;

/**
 * Matches all recipients while the outgoing queue is full: of mails in all or of octets in all, whichever is limited.
 * What one domain or one sender may have there does not count.
 *
 * <pre>{@code
 * <!-- One more mail like this one would exceed maxQueueMails or maxQueueSize. -->
 * <mailet match="org.jamesoutgoing.mailets.OutgoingQueueIsFull" class="ToProcessor">
 *   <processor>later</processor>
 * </mailet>
 *
 * <!-- Nine tenths of a limit are used. -->
 * <mailet match="org.jamesoutgoing.mailets.OutgoingQueueIsFull=90%" class="ToProcessor">
 *   <processor>newsletters-wait</processor>
 * </mailet>
 *
 * <!-- With several outgoing queues: which one. Else it is the only one, or the one named outgoing. -->
 * <mailet match="org.jamesoutgoing.mailets.OutgoingQueueIsFull=90%, queue=partners" class="ToProcessor">
 *   <processor>newsletters-wait</processor>
 * </mailet>
 * }</pre>
 *
 * <p>It stands in a processor that the mail passes before {@link OutgoingDelivery}. It looks and reserves nothing: what
 * comes at the same moment may still find the queue full, and then goes the way of {@code queueFullAction}. While no
 * service runs, or nothing is limited, it matches nothing.
 */
public class OutgoingQueueIsFull extends GenericMatcher {

    private static final Pattern CONDITION =
            Pattern.compile("(?:([1-9]\\d?|100)%)?(?:(?:^|\\s*,\\s*)queue=([^\\s,]+))?");

    /**
     * An outgoing queue at this moment.
     *
     * @param used without what is reserved
     */
    record Filling(QueueUsage used, QueueLimits limits) {}

    private final Supplier<SortedMap<String, Filling>> queues;
    private Optional<Integer> percent = Optional.empty();
    private Optional<String> queue = Optional.empty();

    @Inject
    public OutgoingQueueIsFull(RunningJames james) {
        this(james.get(OutgoingServices.class));
    }

    private OutgoingQueueIsFull(OutgoingServices services) {
        this(() -> fillings(services));
    }

    /** @param queues of the services that run, by name */
    OutgoingQueueIsFull(Supplier<SortedMap<String, Filling>> queues) {
        this.queues = queues;
    }

    private static SortedMap<String, Filling> fillings(OutgoingServices services) {
        SortedMap<String, Filling> fillings = new TreeMap<>();
        services.services()
                .forEach((name, service) -> fillings.put(
                        name,
                        new Filling(service.ledger().usage(), service.controls().limits())));
        return fillings;
    }

    @Override
    public void init() {
        String condition = Optional.ofNullable(getCondition()).orElse("").trim();
        Matcher parts = CONDITION.matcher(condition);
        if (!parts.matches()) {
            throw new IllegalArgumentException("OutgoingQueueIsFull: the condition is '" + condition
                    + "'; allowed: nothing, a percentage from 1% to 100%, queue=NAME, or both separated by a comma");
        }
        percent = Optional.ofNullable(parts.group(1)).map(Integer::valueOf);
        queue = Optional.ofNullable(parts.group(2));
    }

    @Override
    public Collection<MailAddress> match(Mail mail) {
        return OutgoingServices.meant(queues.get(), queue)
                .filter(Throwing.<Filling>predicate(filling -> isFull(filling, mail))
                        .sneakyThrow())
                .map(full -> mail.getRecipients())
                .orElse(List.of());
    }

    private boolean isFull(Filling filling, Mail mail) throws Exception {
        QueueLimits limits = filling.limits();
        if (percent.isPresent()) {
            return limits.fullness(filling.used()) >= percent.get() / 100.0;
        }
        QueueUsage with = filling.used().plus(new QueueUsage(1, Math.max(0, mail.getMessageSize())));
        return limits.fullness(with) > 1;
    }

    @Override
    public String getMatcherInfo() {
        return "James Outgoing: everything while the outgoing queue is full";
    }
}

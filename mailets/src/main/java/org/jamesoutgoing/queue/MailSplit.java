/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.james.core.MailAddress;
import org.jamesoutgoing.routing.Destination;
import org.jamesoutgoing.routing.RoutingTable;

/**
 * The parts of a mail: its recipients by destination.
 *
 * @param recipients of one destination, at least one
 */
public record MailSplit(Destination destination, List<MailAddress> recipients) {

    private static final String JUNCTION = "-to-";

    /** The parts, in the order in which their first recipients stand on the mail. */
    public static List<MailSplit> of(Collection<MailAddress> recipients, RoutingTable routes) {
        Map<Destination, List<MailAddress>> parts = new LinkedHashMap<>();
        for (MailAddress recipient : recipients) {
            parts.computeIfAbsent(routes.destinationOf(recipient.getDomain().asString()), any -> new ArrayList<>())
                    .add(recipient);
        }
        return parts.entrySet().stream()
                .map(part -> new MailSplit(part.getKey(), List.copyOf(part.getValue())))
                .toList();
    }

    /** The same in two, those that are not {@code apart} first; as it is when all are, or none is. */
    public List<MailSplit> divided(Predicate<MailAddress> apart) {
        Map<Boolean, List<MailAddress>> sides = recipients.stream().collect(Collectors.partitioningBy(apart));
        return Stream.of(sides.get(false), sides.get(true))
                .filter(side -> !side.isEmpty())
                .map(side -> new MailSplit(destination, side))
                .toList();
    }

    /** The name of this part of the mail, as RemoteDelivery names it; a name that has the ending already keeps it. */
    public String nameFor(String mailName) {
        String ending = JUNCTION + destination.name();
        return mailName.endsWith(ending) ? mailName : mailName + ending;
    }
}

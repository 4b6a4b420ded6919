/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jamesoutgoing.delivery.LaneState;
import org.jamesoutgoing.dns.DomainNames;
import org.jamesoutgoing.service.OutgoingMailService;
import org.jamesoutgoing.smtp.HostConnections;
import org.jamesoutgoing.webadmin.ErrorResponses.BadRequestException;
import spark.Request;
import spark.Response;

/** {@code GET /outgoing/next-hops}: where mail goes now, or went in the last quarter of an hour. Thread-safe. */
final class NextHopResource {

    private static final String HOST = "host";
    private static final List<String> PARAMETERS = List.of(HOST, Paging.LIMIT, Paging.OFFSET, ServiceChoice.QUEUE);
    private static final String BELOW = "*.";

    private final ServiceChoice choice;

    NextHopResource(ServiceChoice choice) {
        this.choice = choice;
    }

    List<NextHopView> list(Request request, Response response) throws BadRequestException {
        QueryParameters query = QueryParameters.of(request, PARAMETERS);
        int limit = Paging.limit(query);
        int offset = Paging.offset(query);
        Optional<String> host = query.text(HOST).map(NextHopResource::canonical);
        List<NextHopView> hops = new ArrayList<>();
        for (OutgoingMailService service : choice.all(query.text(ServiceChoice.QUEUE))) {
            Map<String, HostConnections> connections = service.view().connections();
            service.lanes().stream()
                    .filter(lane -> host.isEmpty() || leadsTo(lane, host.get()))
                    .map(lane -> NextHopView.of(service, lane, connections))
                    .forEach(hops::add);
        }
        return hops.stream()
                .sorted(Comparator.comparing(NextHopView::nextHop).thenComparing(NextHopView::queue))
                .skip(offset)
                .limit(limit)
                .toList();
    }

    /** An address, which is no name, stays as it is. */
    private static String canonical(String text) {
        String prefix = text.startsWith(BELOW) ? BELOW : "";
        String name = text.substring(prefix.length());
        return prefix + DomainNames.canonical(name).orElse(name.toLowerCase(Locale.ROOT));
    }

    private static boolean leadsTo(LaneState lane, String host) {
        return lane.hosts().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .anyMatch(name -> host.startsWith(BELOW) ? name.endsWith(host.substring(1)) : name.equals(host));
    }
}

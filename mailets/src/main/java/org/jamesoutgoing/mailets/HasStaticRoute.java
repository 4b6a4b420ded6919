/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.mailets;

import com.google.common.base.Splitter;
import com.google.inject.Inject;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.james.core.MailAddress;
import org.apache.mailet.base.GenericRecipientMatcher;
import org.jamesoutgoing.backup.BackupServer;
import org.jamesoutgoing.dns.DomainNames;
import org.jamesoutgoing.james.RunningJames;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.service.RouteRegistry;

/**
 * Matches recipients whose domain has a static route now: one of its own or that of a wildcard, not the default route.
 *
 * <pre>{@code
 * <!-- Any static route. -->
 * <mailet match="org.jamesoutgoing.mailets.HasStaticRoute" class="ToProcessor">
 *   <processor>partners</processor>
 * </mailet>
 *
 * <!-- Only these domains, as long as they have one; not their subdomains. -->
 * <mailet match="org.jamesoutgoing.mailets.HasStaticRoute=example.com, example.org" class="ToProcessor">
 *   <processor>partners</processor>
 * </mailet>
 *
 * <!-- In the transport processor, above the one that denies relaying: mail from anyone for the domains that this server is
 *      a backup mail server for. -->
 * <mailet match="org.jamesoutgoing.mailets.HasStaticRoute=backup" class="ToProcessor">
 *   <processor>relay</processor>
 * </mailet>
 * }</pre>
 *
 * <p>{@code backup} matches exactly the domains of backup routes, never one of James's own domains, and no recipient that
 * might make the main server pass the mail on to another host ({@code user%elsewhere@}, {@code elsewhere!user@}).
 */
public class HasStaticRoute extends GenericRecipientMatcher {

    private static final String BACKUP = "backup";

    private final RouteRegistry routes;
    private final BackupServer backup;

    private Set<String> domains = Set.of();
    private boolean backupOnly;

    @Inject
    public HasStaticRoute(RunningJames james) {
        this(james.get(RouteRegistry.class), james.get(BackupServer.class));
    }

    HasStaticRoute(RouteRegistry routes, BackupServer backup) {
        this.routes = routes;
        this.backup = backup;
    }

    @Override
    public void init() {
        String condition = Optional.ofNullable(getCondition()).orElse("").trim();
        backupOnly = condition.equalsIgnoreCase(BACKUP);
        if (!backupOnly && !condition.isEmpty()) {
            try {
                domains = Splitter.on(',')
                        .trimResults()
                        .splitToStream(condition)
                        .map(domain ->
                                DomainNames.canonical(domain).orElseThrow(() -> new IllegalArgumentException(domain)))
                        .collect(Collectors.toUnmodifiableSet());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("HasStaticRoute: the condition '" + condition + "' has the domain '"
                        + e.getMessage() + "'; allowed: nothing, backup, or domains separated by commas");
            }
        }
    }

    @Override
    public boolean matchRecipient(MailAddress recipient) {
        if (backupOnly) {
            return backup.serves(recipient);
        }
        String domain = recipient.getDomain().asString();
        boolean named = domains.isEmpty()
                || DomainNames.canonical(domain).filter(domains::contains).isPresent();
        return named && !routes.current().match(domain).equals(RouteName.DEFAULT);
    }

    @Override
    public String getMatcherInfo() {
        return "James Outgoing: recipients with a static route";
    }
}

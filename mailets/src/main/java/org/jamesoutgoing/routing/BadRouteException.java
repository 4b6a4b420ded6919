/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.util.Optional;
import org.jamesoutgoing.settings.OptionException;
import org.jamesoutgoing.settings.Origin;

/** A route whose options cannot be used together. Its message is one line that names the route and the option. */
public final class BadRouteException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final String option;

    /** @param origin of the static route of this name; empty: there is none */
    BadRouteException(RouteName name, Optional<Origin> origin, OptionException problem) {
        super(
                (origin.filter(Origin.FILE::equals).isPresent() ? "outgoing-routes.xml, " : "")
                        + ("route '" + name + "': " + problem.getMessage()),
                problem);
        this.option = problem.option();
    }

    /** Which option it is. */
    public String option() {
        return option;
    }
}

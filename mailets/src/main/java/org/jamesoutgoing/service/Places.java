/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.server.core.configuration.Configuration;
import org.jamesoutgoing.routing.JsonRouteStore;
import org.jamesoutgoing.routing.RouteFile;
import org.jamesoutgoing.routing.RouteStore;
import org.jamesoutgoing.routing.StaticRoute;

/** Where James keeps its configuration and its data. */
final class Places {

    private static final String ROUTE_FILE = "outgoing-routes.xml";
    private static final String TEMPLATES = "outgoing-templates";
    private static final String ROUTE_STORE = FileSystem.FILE_PROTOCOL_AND_VAR + "outgoing-routes.json";

    private final FileSystem files;
    private final Configuration configuration;

    Places(FileSystem files, Configuration configuration) {
        this.files = files;
        this.configuration = configuration;
    }

    /**
     * The routes of {@code outgoing-routes.xml} beside James's other configuration files; as with those, none when it is
     * not there.
     *
     * @throws RouteFile.BadFileException when it cannot be used
     */
    List<StaticRoute> file() {
        String location = configuration.configurationPath().asString() + ROUTE_FILE;
        try {
            if (!location.startsWith(FileSystem.FILE_PROTOCOL)) {
                return resource(location);
            }
            File file = files.getFile(location);
            return file.exists() ? RouteFile.read(file.getPath(), Files.readAllBytes(file.toPath())) : List.of();
        } catch (IOException e) {
            throw new IllegalArgumentException(location + " cannot be read: " + e, e);
        }
    }

    private List<StaticRoute> resource(String location) throws IOException {
        try (InputStream in = files.getResource(location)) {
            return RouteFile.read(location, in.readAllBytes());
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }

    /**
     * The administrator's templates of failure messages, beside James's other configuration files.
     *
     * @return empty when James's configuration is not in files; the directory need not be there
     */
    Optional<Path> templates() {
        String location = configuration.configurationPath().asString() + TEMPLATES;
        try {
            return location.startsWith(FileSystem.FILE_PROTOCOL)
                    ? Optional.of(files.getFile(location).toPath())
                    : Optional.empty();
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    /** The run-time store below James's {@code var}. */
    RouteStore store() {
        try {
            return JsonRouteStore.at(files.getFile(ROUTE_STORE).toPath());
        } catch (FileNotFoundException e) {
            throw new RouteStore.UnusableException("the route store " + ROUTE_STORE + " has no place: " + e, e);
        }
    }
}
